package io.tramontane.app.cli;

import io.tramontane.cluster.files.AtomicRows;
import io.tramontane.cluster.files.Columns;
import io.tramontane.cluster.files.Columns.Column;
import io.tramontane.cluster.files.Columns.Kind;
import io.tramontane.cluster.files.RowForm;
import io.tramontane.cluster.files.Storage;
import io.tramontane.data.Rows;
import io.tramontane.data.StoragePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes a documented command one that runs here in seconds: the same command and options, but its files lie in a scratch
 * folder, its model is the tiny one, and its sizes are small.
 */
final class TinySizes {
    /** Commands that are only parsed, by a pattern of their text, and why. */
    static final Map<String, String> ONLY_PARSED = new LinkedHashMap<>(Map.of(
            "analyse weights.*", "needs a run with three checkpoints: AnalyseWeightsTest makes one",
            ".*spark://.*", "needs a standalone cluster: tools/standalone-s3 runs train and score on one",
            ".*local-cluster.*", "starts three processes: ChaosTest trains so",
            ".*com\\.example\\.Tempered.*", "needs the page's class compiled: AlgorithmsPageTest trains with it",
            ".*--adapter.*", "needs an adapter of a model: OutputTest exports one",
            "bench serve.*", "measures for half a minute: ServeBenchTest runs it with small sizes",
            "experiment (?!list).*", "trains several runs: ExperimentRestartTest trains two",
            "bench (model|device).*", "measures for minutes: PolicyBenchTest and DeviceBenchTest do on the tiny policy",
            "bench plan.*", "measures for half a minute: PlanBenchTest runs it with few slots",
            "bench rewards.*", "compiles ten times, a minute here: the parts have tests of their own"));

    static {
        ONLY_PARSED.put("bench ledger.*", "a million groups: LedgerBenchTest runs it with a thousand");
        ONLY_PARSED.put("train --run s3a://.*", "needs a bucket: RunOnS3Test trains from one into one");
    }

    private static final String PROBLEM =
            "{\"id\":\"a\",\"kind\":\"math\",\"language\":\"en\",\"statement\":\"Emma has 4 apples. Then she gets 3 more."
                    + " How many apples does Emma have now?\",\"answer\":\"7\"}\n";
    private static final String GSM8K =
            "{\"question\":\"Emma has 4 apples. Then she gets 3 more. How many apples does Emma"
                    + " have now?\",\"answer\":\"4 and 3 are 7.\\n#### 7\"}\n";

    private final Path folder;
    private int outputs;
    private Path second;

    TinySizes(Path folder) throws IOException {
        this.folder = folder;
        Files.writeString(folder.resolve("P.jsonl"), PROBLEM);
        Path completions = Files.writeString(
                folder.resolve("C.jsonl"),
                "{\"problemId\":\"a\",\"group\":0,\"completion\":\"<think>4+3=7</think>\\\\boxed{7}\"}\n");
        Files.writeString(folder.resolve("F.jsonl"), "{\"tokens\":[300,301,302]}\n");
        Files.createDirectory(folder.resolve("gsm8k"));
        for (String name : List.of("train.jsonl", "test.jsonl"))
            Files.writeString(folder.resolve("gsm8k").resolve(name), GSM8K.repeat(4));
        Columns columns = new Columns(List.of(
                Column.of("problemId", Kind.TEXT), Column.of("group", Kind.WHOLE), Column.of("completion", Kind.TEXT)));
        StoragePath table = Storage.path(folder.resolve("C.parquet").toString());
        try (Rows rows = RowForm.read(Storage.path(completions.toString()));
                AtomicRows file = AtomicRows.create(table, table.unfinished(), columns)) {
            rows.forEachRemaining(row -> file.add(row.object()));
            file.commit();
        }
    }

    /** The run that the first documented training makes, and all later commands look at. */
    Path run() {
        return folder.resolve("run");
    }

    /** The command with its files and sizes replaced. */
    List<String> of(DocCommand command) {
        List<String> words = new ArrayList<>();
        for (String word : command.words()) {
            String before = words.isEmpty() ? "" : words.get(words.size() - 1);
            words.add(placed(before, word));
        }
        boolean dryRun = words.contains("--dry-run") || words.contains("--help");
        switch (words.get(0)) {
            case "train" -> train(words, dryRun);
            case "sft" -> sft(words);
            case "evaluate" -> words.addAll(List.of("--max-tokens", "32"));
            case "serve" -> words.addAll(List.of("--minutes", "0.001", "--port", "0"));
            case "generate" -> words.addAll(List.of("--max-tokens", "16"));
            case "score", "curate" -> words.addAll(List.of("--master", "local[2]"));
            default -> {}
        }
        if (words.contains("--serve") && !words.contains("--minutes")) words.addAll(List.of("--minutes", "0.001"));
        if (words.get(0).equals("evaluate") && !words.contains("P.jsonl") && !words.contains("--count"))
            words.addAll(List.of("--count", "3"));
        return words;
    }

    private String placed(String option, String word) {
        if (option.equals("--model") && word.startsWith("conf/"))
            return Markdown.ROOT.resolve(word).toString();
        if (option.equals("--model")) return word.startsWith("builtin:") ? word : "builtin:tiny";
        if (option.equals("--lines")) return "10";
        if (option.equals("--port")) return "0";
        if (option.equals("--from") || option.equals("--to")) return "1";
        if (option.equals("--minutes")) return "0.001";
        if (option.equals("--config")) return Markdown.ROOT.resolve(word).toString();
        if (word.matches("runs/.*/step-\\d+"))
            return run().resolve("checkpoints/step-000001").toString();
        boolean another = word.equals("runs/b") || word.startsWith("RUN") && option.equals(run().toString());
        if (another) return second.toString();
        if (word.startsWith("runs/") || word.equals("RUN")) return run().toString();
        if (option.equals("--run")) return folder + "/run" + outputs++;
        if (List.of("--out", "--report", "--samples-out").contains(option))
            return folder.resolve("out" + outputs++ + "-" + word.replaceAll(".*/", ""))
                    .toString();
        if (word.matches("(s3a://bucket/)?[PCF]\\.(jsonl|parquet)"))
            return folder.resolve(word.replaceAll(".*/", "")).toString();
        if (option.equals("--set") && word.matches("(problems|data\\.train|data\\.evaluation)=.*\\.jsonl"))
            return word.replace("=", "=" + folder + "/");
        return option.equals("--set") && word.startsWith("model=") ? "model=builtin:tiny" : word;
    }

    private void train(List<String> words, boolean dryRun) {
        if (dryRun) return;
        boolean resume = words.contains("--resume");
        boolean first = Files.notExists(run());
        if (!words.contains("--run"))
            words.addAll(List.of("--run", first ? run().toString() : folder + "/run" + outputs++));
        if (!resume && !first) second = Path.of(words.get(words.indexOf("--run") + 1));
        sets(words, resume ? "trainer.steps=2" : "trainer.steps=1", "trainer.minutes=2");
        if (resume) return;
        sets(words, "trainer.batchSize=32", "trainer.minibatchSize=32", "rollout.groupSize=8", "rollout.slots=32");
        sets(words, "evaluation.forced=false", "evaluation.problems=3", "trainer.checkpointEvery=1");
        if (words.toString().contains("gsm8k")) sets(words, "data.chat=tiny", "rollout.maxPromptTokens=120");
        else sets(words, "data.gym.codeShare=0");
    }

    private void sft(List<String> words) {
        sets(words, "steps=1", "batchSize=2");
        if (!words.toString().contains("gsm8k")) return;
        sets(words, "model=builtin:tiny", "chat=tiny", "problems=" + folder + "/gsm8k/train.jsonl");
    }

    private static void sets(List<String> words, String... values) {
        for (String value : values) words.addAll(List.of("--set", value));
    }
}
