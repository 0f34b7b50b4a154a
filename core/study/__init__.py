"""The running study: which trial is next, what is recorded, when it ends. May start search, trainers and store."""
