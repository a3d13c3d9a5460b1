"""Names as publications and machines write them lead to one thing or to none."""

from __future__ import annotations

import re

import pytest

from core.catalog import spellings
from core.catalog.errors import UnknownNameError
from core.catalog.load import load_catalog


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("H100 SXM 80GB", "h100-sxm"),
        ("NVIDIA B300 SXM6 AC", "b300-sxm"),
        ("Habana Gaudi2", "gaudi-2"),
        ("AMD Instinct MI300X VF", "mi300x"),
        ("Mac Studio M3 Ultra", "apple-m3-ultra-512gb"),
        ("MacBook Pro M4 Max 128GB", "apple-m4-max-128gb"),
        ("Mac mini M4 Pro", "apple-m4-pro-48gb"),
        ("NVIDIA Jetson AGX Orin Developer Kit", "jetson-agx-orin-64gb"),
        ("Jetson AGX Thor Developer Kit", "jetson-agx-thor"),
        ("Intel Xeon 6 6980P", "xeon-6980p"),
        ("2S EPYC 9965", "epyc-9965"),
        ("v5litepod-8", "tpu-v5e"),
        ("a3-ultragpu-8g", "h200-sxm"),
        ("NVIDIA H100 80GB HBM3", "h100-sxm"),
        ("NVIDIA H200 141GB", "h200-sxm"),
        ("NVIDIA A100-SXM4-40GB", "a100-sxm-40gb"),
        ("NVIDIA A100 80GB PCIe", "a100-pcie-80gb"),
        ("GB200 NVL72", "gb200"),
        ("AMD Instinct MI355X", "mi355x"),
        ("Intel Gaudi3", "gaudi-3"),
        ("GeForce RTX 4090", "rtx-4090"),
        ("TPU v6e", "tpu-v6e"),
        ("TPU7x", "tpu-v7"),
        ("HGX B200", "b200-sxm"),
        ("DGX H100", "h100-sxm"),
        ("8xH100", "h100-sxm"),
        ("8x H100", "h100-sxm"),
        ("H100x8", "h100-sxm"),
        ("NVIDIA H100 x8", "h100-sxm"),
        ("gb200_sxm", "gb200"),
        ("NVIDIA H200-SXM-141GB-CTS", "h200-sxm"),
        ("NVIDIA GH200-GraceHopper-Superchip 144GB", "gh200-144gb"),
        ("GH200-GraceHopper-Superchip", "gh200-96gb"),
        ("Intel Xeon Platinum 8592+", "xeon-8592-plus"),
        ("Apple M3 Ultra 80-core 512GB", "apple-m3-ultra-512gb"),
        ("RTX PRO 6000 Blackwell Workstation Edition", "rtx-pro-6000-workstation"),
        ("RTX PRO 6000 Blackwell Server Edition", "rtx-pro-6000"),
        ("R9700", "radeon-ai-pro-r9700"),
        ("H20-3e", "h20-141gb"),
        ("H20", "h20"),
        ("RX 7900 XT", "radeon-rx-7900-xt"),
        ("RX 7900 XTX", "radeon-rx-7900-xtx"),
        ("Ascend 910C", "ascend-910c"),
        ("H100-SXM-80GBx8", "h100-sxm"),
        ("TPU v6e-8", "tpu-v6e"),
        ("NVIDIA Jetson AGX Orin", "jetson-agx-orin-64gb"),
        ("AMD Ryzen AI Max+ 395", "ryzen-ai-max-395"),
        ("NVIDIA B200 NVL8", "b200-sxm"),
        ("NVIDIA GH200 480GB", "gh200-96gb"),
        ("Tesla V100-SXM2-16GB", "v100-sxm2-16gb"),
        ("Quadro RTX 6000", "quadro-rtx-6000"),
        ("RTX 6000 Ada", "rtx-6000-ada"),
        ("Apple M3 Max", "apple-m3-max-64gb"),
        ("Apple M3 Max 128GB", "apple-m3-max-128gb"),
        ("RTX 3080 12GB", "rtx-3080-12gb"),
        ("RTX 3080 10GB", "rtx-3080-10gb"),
        ("NVIDIA RTX PRO 6000 Blackwell Max-Q", "rtx-pro-6000-max-q"),
        ("AMD Instinct MI300X OAM", "mi300x"),
        ("Ryzen AI Max 395", "ryzen-ai-max-395"),
        ("RTX 6000 Ada Generation", "rtx-6000-ada"),
        ("A6000", "rtx-a6000"),
        ("v6e-8", "tpu-v6e"),
        ("TPU v5p-8", "tpu-v5p"),
        ("Intel(R) Xeon(R) Platinum 8592+", "xeon-8592-plus"),
        ("GB200 NVL4", "gb200"),
        ("trn2.48xlarge", "trainium2"),
        ("H20-SXM-96GB", "h20"),
        ("H20-SXM", "h20"),
        ("L40S-PCIe-48GB", "l40s"),
        ("MI300X-OAM-192GB", "mi300x"),
        ("H100 NVL PCIe", "h100-nvl"),
        ("GH200-SXM-96GB", "gh200-96gb"),
        ("V100-PCIe-16GB", "v100-pcie-16gb"),
        ("RX-6800XT", "radeon-rx-6800-xt"),
        ("RX-6900XT", "radeon-rx-6900-xt"),
        ("Trainium", "trainium1"),
        ("2 x H100", "h100-sxm"),
        ("8×MI300X", "mi300x"),
        ("CPU:EPYC-9965", "epyc-9965"),
        ("AMD EPYC 9654 96-Core Processor", "epyc-9654"),
        ("13th Gen Intel(R) Core(TM) i9-13900K", "core-i9-13900k"),
        ("Intel(R) Xeon(R) Gold 6430", "xeon-6430"),
        ("Ryzen 7 8700G", "ryzen-7-8700g"),
        ("B100", "b100-sxm"),
        ("Apple M4 Pro 64GB", "apple-m4-pro-20-core-64gb"),
        ("Apple M4 Pro 16-core 64GB", "apple-m4-pro-16-core-64gb"),
        ("Apple-M2-Pro-19c", "apple-m2-pro-32gb"),
        ("NVIDIA GeForce RTX 4090 Laptop GPU", "rtx-4090-laptop"),
        ("Ascend 910B4", "ascend-910b4"),
        ("Huawei Ascend 910B3", "ascend-910b3"),
        ("NVIDIA Vera Rubin NVL72", "vr200"),
        ("NVIDIA DGX Station GB300", "dgx-station-gb300"),
        ("GB300", "gb300"),
    ],
)
def test_accelerators_are_found_as_drivers_and_vendors_write_them(written: str, meant: str) -> None:
    assert load_catalog().resolve_accelerator(written).id == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("meta-llama/Llama-3.1-8B-Instruct", "meta-llama/Meta-Llama-3.1-8B"),
        ("Llama 3.1 8B Instruct", "meta-llama/Meta-Llama-3.1-8B"),
        ("Qwen3 32B FP8", "Qwen/Qwen3-32B"),
        ("Qwen3-235B-A22B-FP8", "Qwen/Qwen3-235B-A22B"),
        ("Qwen3-235B-A22B-Instruct-2507-FP8", "Qwen/Qwen3-235B-A22B-Instruct-2507"),
        ("nvidia/DeepSeek-R1-FP4", "deepseek-ai/DeepSeek-R1"),
        ("llama2-70b-99.9", "meta-llama/Llama-2-70b-hf"),
        ("Mixtral-8x7B-Instruct-v0.1", "mistralai/Mixtral-8x7B-v0.1"),
        ("nvidia/DeepSeek-R1-FP4-v2", "deepseek-ai/DeepSeek-R1"),
        ("DeepSeek-V3.2-Exp", "deepseek-ai/DeepSeek-V3.2"),
        ("DeepSeek-V3.1-Terminus", "deepseek-ai/DeepSeek-V3.1"),
        ("amd/Llama-3.1-405B-Instruct-FP8-KV", "meta-llama/Meta-Llama-3.1-405B"),
        ("Meta-Llama-3.1-8B-Instruct-quantized.w4a16", "meta-llama/Meta-Llama-3.1-8B"),
        ("llama3_1-8b", "meta-llama/Meta-Llama-3.1-8B"),
        ("Qwen3-235B-A22B-Thinking-2507-FP8", "Qwen/Qwen3-235B-A22B-Instruct-2507"),
        ("Qwen3-Next-80B-A3B-Thinking", "Qwen/Qwen3-Next-80B-A3B-Instruct"),
        ("Qwen3-30B-A3B-Q4_K_M", "Qwen/Qwen3-30B-A3B"),
        ("nvidia/Kimi-K2-Thinking-NVFP4", "moonshotai/Kimi-K2-Thinking"),
        ("Kimi-K2.6", "moonshotai/Kimi-K2.5"),
        ("MiniMax-M2.1", "MiniMaxAI/MiniMax-M2.5"),
        ("amd/gpt-oss-120b-w-mxfp4-a-fp8", "openai/gpt-oss-120b"),
        ("google/gemma-3-27b-it-qat-q4_0-gguf", "google/gemma-3-27b-it"),
        ("Meta-Llama-3.1-8B-Instruct-Q8_0.gguf", "meta-llama/Meta-Llama-3.1-8B"),
        ("c4ai-command-r-plus-08-2024", "CohereForAI/c4ai-command-r-plus"),
        ("Qwen3-VL-8B-Instruct-FP8", "Qwen/Qwen3-VL-8B-Instruct"),
        ("Mistral-Small-24B-Instruct-2501", "mistralai/Mistral-Small-3.2-24B-Instruct-2506"),
        ("dsr1-fp8", "deepseek-ai/DeepSeek-R1"),
        ("deepseek-r1-671b", "deepseek-ai/DeepSeek-R1"),
        ("Phi-4-14B", "microsoft/phi-4"),
        ("Llama 4 Maverick 400B", "meta-llama/Llama-4-Maverick-17B-128E-Instruct"),
        ("Qwen3.5-9B", "Qwen/Qwen3.5-9B"),
        ("ibm-granite/granite-4.0-h-tiny-FP8", "ibm-granite/granite-4.0-h-tiny"),
        ("Kimi-Linear-48B-A3B", "moonshotai/Kimi-Linear-48B-A3B-Instruct"),
        ("Mistral-Large-3-675B", "mistralai/Mistral-Large-3-675B-Instruct-2512"),
        ("Devstral-Small-1.1", "mistralai/Mistral-Small-3.2-24B-Instruct-2506"),
        ("HuggingFaceH4/zephyr-7b-beta", "mistralai/Mistral-7B-Instruct-v0.3"),
        ("lmsys/vicuna-33b-v1.3", "huggyllama/llama-30b"),
        ("openchat-3.5-0106", "mistralai/Mistral-7B-Instruct-v0.3"),
        ("MiniMax-M1-80k", "MiniMaxAI/MiniMax-Text-01"),
        ("Ring-flash-2.0-FP8", "inclusionAI/Ling-flash-2.0"),
        ("gemma3n:e4b", "google/gemma-3n-E4B-it"),
        ("InternLM2.5-20B", "internlm/internlm2-chat-20b"),
        ("Step-3.5-Flash", "stepfun-ai/Step-3.7-Flash"),
        ("QwQ-32B-Preview", "Qwen/QwQ-32B"),
        ("InternVL3-78B", "Qwen/Qwen2.5-72B-Instruct"),
        ("K-EXAONE-236B", "LGAI-EXAONE/K-EXAONE-236B-A23B"),
        ("LLaMA-33B", "huggyllama/llama-30b"),
    ],
)
def test_models_are_found_without_publisher_precision_and_date(written: str, meant: str) -> None:
    assert load_catalog().resolve_model(written).id == meant


@pytest.mark.parametrize(
    "written",
    [
        *("B150", "RTX 4080 Ti", "H100 SXM 24GB", "GPU", "NVIDIA", "HGX", "8x", "M4 Pro 96GB"),
        *("H100 OAM", "H200 PCIe", "H100 SXM PCIe", "MI210 OAM", "A100 PCIe", "SXM"),
        *("CPU:Apple M4", "CPU:H100", "Intel N150", "RX 580", "Raspberry Pi 5"),
    ],
)
def test_another_accelerator_is_not_taken_for_a_known_one(written: str) -> None:
    with pytest.raises(UnknownNameError):
        load_catalog().resolve_accelerator(written)


@pytest.mark.parametrize(
    "written", ["Llama-3.1-80B", "Qwen1.5-4B", "Instruct", "FP8", "Qwen3", "DeepSeek-V9", "Q4_K_M"]
)
def test_another_model_is_not_taken_for_a_known_one(written: str) -> None:
    with pytest.raises(UnknownNameError):
        load_catalog().resolve_model(written)


def test_every_entry_is_found_by_its_own_id_and_name() -> None:
    catalog = load_catalog()
    assert all(catalog.resolve_model(m.id) is m for m in catalog.models.values())
    assert all(catalog.resolve_accelerator(a.id) is a for a in catalog.accelerators.values())


def test_of_a_chip_with_both_the_processor_is_found_where_it_is_asked_for() -> None:
    found = load_catalog().resolve_accelerator
    assert found("Ryzen AI Max+ 395").id == "ryzen-ai-max-395"
    assert found("CPU:Ryzen-AI-Max+395").id == "ryzen-ai-max-395-cpu"
    processors = [a for a in load_catalog().accelerators.values() if a.kind == "cpu"]
    for part in processors:
        name = re.sub(r" (?:processor|\(1 socket\))$", "", part.name)
        for written in (f"CPU:{name.replace(' ', '-')}", f"2x {part.name}", f"{name} (CPU)"):
            assert found(written).id == part.id, written


def test_the_own_form_factor_is_no_difference_and_several_are_still_the_same() -> None:
    found = load_catalog().resolve_accelerator
    for part in load_catalog().accelerators.values():
        first = part.form_factor.split()[0] if part.form_factor else ""
        own = re.sub(r"\d$", "", first)
        if own in ("SXM", "OAM", "PCIe"):
            assert found(f"{part.name} {own}") is part, part.name
        assert found(f"4x {part.name}") is part, part.name


def test_a_name_that_can_mean_two_things_means_neither() -> None:
    known = [("x-100 40GB", "small"), ("x-100 80GB", "large")]
    sizes = {"small": 40.0, "large": 80.0}
    assert spellings.find_hardware("NVIDIA X 100", known, sizes) is None
    assert spellings.find_hardware("NVIDIA X 100 80GB", known, sizes) == "large"
    dated = [("Some-7B-2507", "july"), ("Some-7B-2501", "january")]
    assert spellings.find_model("some 7b", dated) is None
    assert spellings.find_model("some 7b 2507 FP8", dated) == "july"


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("8xH100", 8),
        ("8x H100", 8),
        ("H100x8", 8),
        ("H100 x16", 16),
        ("MI300X", 0),
        ("TPU7x", 0),
        ("RTX 4090", 0),
        ("Ryzen-AI-Max+395", 0),
        ("RX-6800XT", 0),
        ("2 x H100", 2),
        ("8×MI300X", 8),
        ("H100 × 4", 4),
        ("2S EPYC 9965", 2),
        ("2P AMD EPYC 9965", 2),
        ("v5litepod-8", 8),
        ("p5.48xlarge", 0),
        ("AmpereOne-A192-32X", 0),
        ("NVIDIA 8x H100", 8),
        ("", 0),
    ],
)
def test_a_name_may_say_how_many(name: str, count: int) -> None:
    assert spellings.pieces(name) == count


def test_an_unknown_name_without_end_is_not_repeated_in_full() -> None:
    with pytest.raises(UnknownNameError) as error:
        load_catalog().resolve_model("x" * 5000)
    assert len(str(error.value)) < 150
