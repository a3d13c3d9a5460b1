"""``python -m core.cli`` is ``inference-assess``."""

import sys

from core.cli import main

sys.exit(main())
