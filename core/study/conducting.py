"""How a new study is conducted, besides its settings."""

from core.conduct import IMAGE_DATA_FORMATS, RULES, Conduct, threads_of_each
from core.models.keras_config import users_configuration
from core.settings import StudySettings


def conduct_of(settings: StudySettings) -> Conduct:
    """Return how a study that begins now, on this computer and for this user, is conducted from its start to its end.

    A model file has Keras's configuration of the user. So has a model of ours, but the axes of images: they come as
    Afina's data have them.
    """
    keras = users_configuration()
    ours = settings.model.file is None
    return Conduct(
        rules=RULES,
        threads=threads_of_each(settings.workers),
        floatx=keras.floatx,
        epsilon=keras.epsilon,
        image_data_format=IMAGE_DATA_FORMATS[0] if ours else keras.image_data_format,
    )
