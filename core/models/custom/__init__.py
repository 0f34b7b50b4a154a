"""The user's own model file: how it declares parameters, how it is executed, and how its parameters are found."""
