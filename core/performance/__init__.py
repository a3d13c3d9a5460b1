"""Predicts latency, throughput, memory, power and energy of serving configurations."""
