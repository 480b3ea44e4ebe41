"""llama.cpp, sampling at temperature 1 from all tokens: rounds of one token for all sequences, and prefill."""
import ctypes
import json
import sys
import time

import llama_cpp as llama


class Rows:
    """Sequences that are decoded together."""

    def __init__(self, model, rows, told):
        settings = llama.llama_context_default_params()
        settings.n_ctx = rows * (told["promptTokens"] + told["newTokens"] + 16)
        settings.n_batch = settings.n_ubatch = max(512, rows)
        settings.n_seq_max = rows
        settings.n_threads = settings.n_threads_batch = told["threads"]
        self.context = llama.llama_init_from_model(model, settings)
        if not self.context:
            raise SystemExit("llama.cpp made no context")
        self.sampler = llama.llama_sampler_init_dist(1)
        self.batch = llama.llama_batch_init(max(512, rows), 0, 1)

    def decode(self, tokens):
        """Of (token, position, sequence, whether its logits are wanted)."""
        self.batch.n_tokens = len(tokens)
        for i, (token, position, sequence, wanted) in enumerate(tokens):
            self.batch.token[i], self.batch.pos[i] = token, position
            self.batch.n_seq_id[i], self.batch.seq_id[i][0], self.batch.logits[i] = 1, sequence, wanted
        if llama.llama_decode(self.context, self.batch) != 0:
            raise SystemExit("llama.cpp cannot decode")

    def choose(self, place):
        return llama.llama_sampler_sample(self.sampler, self.context, place)

    def close(self):
        llama.llama_batch_free(self.batch)
        llama.llama_sampler_free(self.sampler)
        llama.llama_free(self.context)


def main(told):
    log = ctypes.CFUNCTYPE(None, ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p)(lambda *_: None)
    llama.llama_log_set(log, ctypes.c_void_p(0))
    llama.llama_backend_init()
    model = llama.llama_model_load_from_file(told["gguf"].encode(), llama.llama_model_default_params())
    prompts = json.load(open(told["prompts"]))
    figures = {}
    for rows in told["rows"]:
        sequences = Rows(model, rows, told)
        chosen, start = [], time.perf_counter()
        for row, prompt in enumerate(prompts[:rows]):
            last = len(prompt["ids"]) - 1
            sequences.decode([(token, at, row, at == last) for at, token in enumerate(prompt["ids"])])
            chosen.append(sequences.choose(last))
        seconds = time.perf_counter() - start
        figures["prefill"] = max(figures.get("prefill", 0), rows * told["promptTokens"] / seconds)
        start = time.perf_counter()
        for step in range(told["newTokens"] - 1):
            sequences.decode([(token, told["promptTokens"] + step, row, True) for row, token in enumerate(chosen)])
            chosen = [sequences.choose(row) for row in range(rows)]
        figures[f"decode {rows}"] = rows * (told["newTokens"] - 1) / (time.perf_counter() - start)
        sequences.close()
    print(json.dumps(figures))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
