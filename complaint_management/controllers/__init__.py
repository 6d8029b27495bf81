from . import evidence_pack
