"""Progress of a long piece of work, reported to a callback."""

from __future__ import annotations

from hexapla_models.encoder import Progress as Progress
from hexapla_models.encoder import quiet as quiet
