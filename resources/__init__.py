"""Data of Inference Advisor: catalog, measurements, presets, examples, fonts, icons, help."""
