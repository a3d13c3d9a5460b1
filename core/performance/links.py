"""Interconnect as a function of the group size: bridges end, rings use one link, racks span."""

from __future__ import annotations

from core.catalog.types import Accelerator

NODE = 8
"""Accelerators of one server; larger groups outside a rack-scale domain cross the network."""
PORT_GB_S = 50.0
"""Bytes/s (10^9) that leave one accelerator: one 400 Gbit/s port each, as 8-GPU servers have."""

MESHES = ("infinity_fabric", "roce")
"""Each accelerator has links of its own to each other one."""


def link_gb_s(accelerator: Accelerator, group: int) -> float:
    """Bandwidth per accelerator and direction for a group of ``group``, GB/s.

    A fully connected mesh offers each pair its own link: a group of g uses g - 1 of the links
    that each has to the others, 7 on boards of eight, 3 where four are joined (MI210 bridges,
    MI300A sockets). Infinity Fabric is one, and Gaudi's Ethernet: 3 of 21 ports to each of the
    seven others (Intel Gaudi documentation, "Network Configuration"). NVLink switches and rings
    give the full rate at any size.
    """
    if group <= 1:
        return 1e9
    full, joined = accelerator.interconnect_gb_s, max(accelerator.bridge_group_size, 1)
    meshed = min(joined, NODE)
    if accelerator.interconnect_class in MESHES and group < meshed:
        full = full * (group - 1) / (meshed - 1)
    inside = group <= joined and full > 0
    if inside:
        return full
    return max(accelerator.fallback_gb_s, 5.0)


def link_class(accelerator: Accelerator, group: int) -> str:
    """Group of like links: ``none``, ``nvlink``, ``mesh``, ``pcie``, ``network`` or ``other``."""
    if group <= 1:
        return "none"
    kind = accelerator.interconnect_class
    if group > max(accelerator.bridge_group_size, 1):
        inside_node = kind in ("pcie", "nvlink_bridge") and group <= NODE
        return "pcie" if inside_node else "network"
    if kind in ("nvlink", "nvlink_rack", "nvlink_bridge"):
        return "nvlink"
    if kind in MESHES:
        return "mesh"
    if kind == "pcie":
        return "pcie"
    return "other"
