"""Everything known of one unit on one night, put together so that it can be judged.

`assemble` is pure: captures and facts go in, a `SiteSnapshot` with its `Coverage` comes out.
"""

from dossier.assembly.snapshot import assemble

__all__ = ["assemble"]
