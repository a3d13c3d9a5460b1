"""What would admit a rejected option: the smallest change of inputs, found by search."""

from core.analysis.admission.search_changes import change_for, smallest_changes

__all__ = ["change_for", "smallest_changes"]
