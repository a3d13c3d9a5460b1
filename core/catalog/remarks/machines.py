"""Remarks on accelerators, servers and models."""

from __future__ import annotations

from core.words import N_

PATTERNS = (
    N_("AMD link count not verified"),
    N_("INT8 not verified"),
    N_("power: not verified"),
    N_("head and MLP sizes not verified"),
    N_("layer split, head and MLP sizes not verified"),
    N_("{what}: {one} TFLOP/s BF16 or FP8 (cFP8), {list}, NeuronLink {link} GiB/s per chip"),
    N_(
        "{what}: {one} TFLOP/s BF16, {list}, NeuronLink {link} GB/s within an instance of "
        "{count} chips and {other} GB/s between four of them"
    ),
    N_("{what}: {one} TFLOP/s BF16, {list}"),
    N_("{what}: {one} TFLOP/s BF16, {list}, links {link} GB/s both ways"),
    N_("{what}: {one} TFLOP/s BF16 or INT8, {list}, measured up to {watts} W"),
    N_("{what}: {memory} GB, {bandwidth} GB/s and {watts} W of the Server Edition"),
    N_("{what} ({watts} W, {ghz} GHz)"),
    N_("{what} ({bandwidth} TB/s, {link} Tb/s bidir)"),
    N_("{what} ({one} TFLOPS fp32, {list} GB)"),
    N_("{what}, dense peaks"),
    N_("{what}, dense peaks ({one} PF bf16)"),
    N_("{what} memory and power"),
    N_("{what} memory, bandwidth and power"),
    N_("{what} memory, power and year"),
    N_("usable memory: {work}"),
    N_("idle and peak power: {what} ({watts} W adapter)"),
    N_("links from the all-reduce bandwidth of a pod"),
    N_("tensor peak derived from its clocks and units as for {what}"),
    N_("tensor peaks derived from its clocks and units as for the other cards of the generation"),
    N_(
        "tensor peaks derived from the {range} sparse FP4 TOPS advertised for the workstation"
        " card (not verified; from general knowledge of the field, low confidence)"
    ),
    N_("tensor peaks: {work}"),
    N_("Default configuration ({what})"),
    N_("{what}: layers, widths, heads and experts"),
    N_("{what}: layers, widths and heads"),
    N_("{what}: shape of DeepSeek V3 with half the experts of twice the width"),
    N_("Layer counts and size from {what}"),
    N_("Layers and hidden size from {what}"),
    N_("Main sizes from public copies of the configuration, among them the {what}"),
    N_("Model list of {what}"),
    N_("Model list of {what}, as listed by the Hugging Face router"),
    N_("Shape of {what} ({work})"),
    N_("Shape of {what}, which is the same ({work})"),
    N_("Size {what} of the model card"),
    N_("context length of the model card"),
    N_("context length of the {what}"),
    N_("context length from the {what}"),
    N_("context length and precision of the {what}"),
    N_("sizes and context length of the {what}"),
    N_("the parameter count they give matches the name"),
    N_("names in published measurements and common use"),
)
