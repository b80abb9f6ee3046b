"""Records what an optimizer of torch really did, for Adamscope.

    import adamscope
    adamscope.watch(optimizer, model)

or, without a change of the script, ``python -m adamscope run train.py``.
"""

from . import integrations
from .api import watch
from .version import VERSION as __version__
from .watch import Watch

__all__ = ["Watch", "integrations", "watch", "__version__"]
