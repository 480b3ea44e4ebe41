#!/usr/bin/env python3
"""Reads the files that a run wrote for other programs, with the code of these programs.

    pip install mlflow-skinny wandb prometheus_client
    tools/report_writers.py RUN [http://127.0.0.1:9464/metrics]

RUN is the folder of a run with report.mlflow=true and report.wandb=true. Prints what was found and ends with 1 where the
numbers differ from metrics.jsonl. Verified with mlflow 3.17.2 and wandb 0.31.0.
"""

import json
import os
import pathlib
import struct
import sys
import urllib.request
import zlib


def rows(run):
    return [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]


def check(what, found, expected):
    if found != expected:
        sys.exit(f"{what}: found {found}, metrics.jsonl has {expected}")
    print(f"{what}: {len(found)} values as in metrics.jsonl")


def mlflow_run(run, rewards):
    os.environ["MLFLOW_ALLOW_FILE_STORE"] = "true"
    from mlflow.tracking import MlflowClient

    client = MlflowClient(tracking_uri=(run / "mlruns").resolve().as_uri())
    experiment = client.get_experiment_by_name("tramontane")
    (found,) = client.search_runs([experiment.experiment_id])
    history = client.get_metric_history(found.info.run_id, "train/reward")
    check("mlflow", [(m.step, m.value) for m in history], rewards)
    print("mlflow:", found.info.run_name, found.info.status, len(found.data.metrics), "metrics,", len(found.data.params), "params")


def wandb_records(file):
    from wandb.proto import wandb_internal_pb2 as pb

    data = file.read_bytes()
    assert data[:4] == b":W&B" and struct.unpack("<HB", data[4:7]) == (0xBEE1, 0)
    at, whole = 7, b""
    while at < len(data):
        left = 32768 - at % 32768
        if left < 7:
            at += left
            continue
        crc, length, kind = struct.unpack("<IHB", data[at : at + 7])
        body = data[at + 7 : at + 7 + length]
        assert zlib.crc32(bytes([kind]) + body) == crc, "checksum"
        whole += body
        at += 7 + length
        if kind in (1, 4):
            record = pb.Record()
            record.ParseFromString(whole)
            yield record
            whole = b""


def wandb_run(run, rewards):
    (file,) = (run / "wandb").glob("offline-run-*/run-*.wandb")
    records = list(wandb_records(file))
    found = []
    for record in records:
        if record.WhichOneof("record_type") == "history":
            items = {"/".join(i.nested_key): json.loads(i.value_json) for i in record.history.item}
            if "train/reward" in items:
                found.append((items["trainer/step"], items["train/reward"]))
    check("wandb", found, rewards)
    head = next(r.run for r in records if r.WhichOneof("record_type") == "run")
    print("wandb:", head.display_name, head.run_id, len(head.config.update), "config values,", len(records), "records")


def prometheus(address):
    from prometheus_client.parser import text_string_to_metric_families

    text = urllib.request.urlopen(address, timeout=10).read().decode()
    families = list(text_string_to_metric_families(text))
    print("prometheus:", len(families), "families,", sum(len(f.samples) for f in families), "samples")


def main():
    run = pathlib.Path(sys.argv[1])
    rewards = [(r["step"], r["reward"]) for r in rows(run) if r["kind"] == "train"]
    mlflow_run(run, rewards)
    wandb_run(run, rewards)
    if len(sys.argv) > 2:
        prometheus(sys.argv[2])


if __name__ == "__main__":
    main()
