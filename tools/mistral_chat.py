"""Conversations with the token ids of mistral-common, for MistralChatTest.

    python tools/mistral_chat.py model/src/test/resources/mistral-tokenizers

Takes the small tokenizers of that folder (tools/tekken_fixture.py makes them), gives them each version of the chat encoding,
and writes chats.jsonl: version, messages, tools, ids. --tekken FILE prints the same lines for a whole tekken.json.
Needs mistral-common.
"""

import argparse
import json
import pathlib
import shutil
import tempfile

from mistral_common.protocol.instruct.request import ChatCompletionRequest
from mistral_common.tokens.tokenizers.mistral import MistralTokenizer

TOOL = {"type": "function", "function": {"name": "get_weather", "description": "Weather of a city, \"now\" or later",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}, "days": {"type": "number", "default": 1.0}},
                       "required": ["city"]}}}
PLAIN = {"type": "function", "function": {"name": "[/INST]run</s>", "description": "", "parameters": {}}}


def user(text):
    return {"role": "user", "content": text}


def assistant(text, **more):
    return {"role": "assistant", "content": text, **more}


def system(content):
    return {"role": "system", "content": content}


def call(number, arguments="{\"city\": \"Paris\"}", name="get_weather"):
    return {"id": f"call{number:05d}", "type": "function", "function": {"name": name, "arguments": arguments}}


def result(number, text="12 C"):
    return {"role": "tool", "tool_call_id": f"call{number:05d}", "name": "get_weather", "content": text}


THINK = system([{"type": "text", "text": "Think first, then answer."},
                {"type": "thinking", "thinking": "a draft, as casual as you like", "closed": True},
                {"type": "text", "text": "Here the answer."}])
THOUGHT = assistant([{"type": "thinking", "thinking": "Two and two.", "closed": True}, {"type": "text", "text": "It is **4**."}])
STRANGE = "What do [THINK], [/THINK], [INST] and [/INST]</s> mean? <s>[TOOL_CALLS][ARGS]<unk>[AVAILABLE_TOOLS]"

CONVERSATIONS = {
    "user": [user("What is 2+2?")],
    "empty user": [user("")],
    "system, user": [system("Be brief."), user("What is 2+2?")],
    "thinking system": [THINK, user("What is 2+2?")],
    "turns": [system("Be brief."), user("2+2?"), assistant("4"), user("3+3?")],
    "trailing blanks of an answer": [user("2+2?"), assistant("It is 4.  "), user(" and 3+3? ")],
    "thoughts kept": [THINK, user("2+2?"), THOUGHT, user("And 3+3?")],
    "thoughts that go on": [user("2+2?"), assistant([{"type": "thinking", "thinking": "Two", "closed": False},
                            {"type": "text", "text": "and two"}]), user("?")],
    "control strings of a user": [system("Be brief."), user(STRANGE)],
    "control strings everywhere": [system(STRANGE), user(STRANGE), assistant(STRANGE), user(STRANGE)],
    "control strings in thoughts": [THINK, user("?"), assistant([{"type": "thinking", "thinking": STRANGE, "closed": True},
                                    {"type": "text", "text": STRANGE}]), user("!")],
    "two users": [user("One."), user("Two.")],
    "two systems": [system("One."), system("Two."), user("Three.")],
    "system later": [user("One."), assistant("Two."), system("Three."), user("Four.")],
    "two answers": [user("One."), assistant("Two."), assistant("Three."), user("Four.")],
    "two texts": [user([{"type": "text", "text": "One."}, {"type": "text", "text": "Two."}])],
    "an empty text among two": [user([{"type": "text", "text": ""}, {"type": "text", "text": "Two."}])],
    "two texts of a system": [system([{"type": "text", "text": "One."}, {"type": "text", "text": "Two."}]), user("Three.")],
    "tools offered": ([user("Weather in Paris?")], [TOOL]),
    "tools offered, earlier turns": ([user("Hi."), assistant("Hello."), user("Weather in Paris?")], [TOOL]),
    "tools with a system": ([system("Be brief."), user("Weather?")], [TOOL, PLAIN]),
    "a call and its result": ([user("Weather?"), assistant("", tool_calls=[call(1)]), result(1)], [TOOL]),
    "a result in JSON": ([user("Weather?"), assistant("", tool_calls=[call(1)]), result(1, "{\"c\":12.50,\"a\":[1,2]}")], [TOOL]),
    "call, result, answer, question": ([user("Weather?"), assistant("", tool_calls=[call(1)]), result(1), assistant("12 C."),
                                        user("And tomorrow?")], [TOOL]),
    "two calls, results in another order": ([user("Weather?"), assistant("", tool_calls=[call(1), call(2, "{\"city\":\"Rome\"}")]),
                                             result(2, "20 C"), result(1, "12 C")], [TOOL]),
    "a text before a call": ([user("Weather?"), assistant("I look.", tool_calls=[call(1)]), result(1)], [TOOL]),
    "thoughts before a call": ([user("Weather?"), assistant([{"type": "thinking", "thinking": "A tool.", "closed": True}],
                               tool_calls=[call(1)]), result(1)], [TOOL]),
    "arguments that are no JSON": ([user("Weather?"), assistant("", tool_calls=[call(1, "city=Paris")]), result(1)], [TOOL]),
    "no arguments": ([user("Weather?"), assistant("", tool_calls=[call(1, "")]), result(1)], [TOOL]),
    "numbers of arguments": ([user("Weather?"), assistant("", tool_calls=[call(1, "{\"a\":1e5,\"b\":0.1,\"c\":12345678901234567890,"
                              "\"d\":[true,null,-0.0,1E-7],\"é\":\"\\u00e9\\n\\u0001\"}")]), result(1, STRANGE)], [TOOL]),
    "languages": [system("Sois bref."), user("Résous $\\frac{1}{2}x=12345$; 小明有3个苹果。 У Пети 8 книг…\n```python\nprint(1)\n```\n\t🙂👩‍👩‍👧")],
}


def lines(make, versions):
    for version in versions:
        tokenizer = make(version)
        for name, conversation in CONVERSATIONS.items():
            messages, tools = conversation if isinstance(conversation, tuple) else (conversation, None)
            line = {"version": version, "name": name, "messages": messages, "tools": tools or []}
            try:
                request = ChatCompletionRequest.from_openai(messages=messages, tools=tools)
                line["ids"] = tokenizer.encode_chat_completion(request).tokens
            except Exception as error:  # what mistral-common refuses is not compared
                line["refused"] = type(error).__name__
            yield line


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("folder", type=pathlib.Path)
    arguments.add_argument("--tekken", type=pathlib.Path)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        def tekken(version):
            made = json.load(open(given.tekken or given.folder / "tekken/tekken.json"))
            made["config"]["version"] = f"v{version}"
            path = pathlib.Path(scratch) / f"tekken-v{version}.json"
            json.dump(made, open(path, "w"))
            return MistralTokenizer.from_file(str(path))

        def pieces(version):
            path = pathlib.Path(scratch) / f"tokenizer.model.v{version}"
            shutil.copy(given.folder / "spm/tokenizer.model.v7", path)
            return MistralTokenizer.from_file(str(path))

        made = [dict(line, tokenizer="tekken") for line in lines(tekken, (3, 7, 11, 13))]
        if not given.tekken:
            made += [dict(line, tokenizer="spm") for line in lines(pieces, (1, 2, 3, 7))]
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in made)
    if given.tekken:
        print(text, end="")
        return
    (given.folder / "chats.jsonl").write_text(text)
    print(len(made), "conversations,", sum("refused" in line for line in made), "refused by mistral-common")


if __name__ == "__main__":
    main()
