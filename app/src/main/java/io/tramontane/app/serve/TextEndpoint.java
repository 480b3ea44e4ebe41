package io.tramontane.app.serve;

import io.tramontane.app.http.Exchange;
import java.util.ArrayList;
import java.util.List;

/** {@code POST /v1/completions}. */
final class TextEndpoint {
    private final ServedModel model;
    private final TextReader reader;
    private final Jobs jobs;

    TextEndpoint(ServedModel model, SettingsReader settings, Jobs jobs) {
        this.model = model;
        this.reader = new TextReader(settings);
        this.jobs = jobs;
    }

    void accept(Exchange exchange, Fields fields) {
        model.check(fields);
        TextCall call = reader.read(fields);
        Settings settings = call.settings();
        List<Job.Prompt> prompts = new ArrayList<>();
        int promptTokens = 0;
        for (TextCall.Prompt prompt : call.prompts()) {
            int[] tokens = prompt.tokens() != null ? prompt.tokens() : model.encode(prompt.text());
            int longest = settings.room(
                    "prompt", tokens.length, reader.settings().limits().context());
            prompts.add((id, listener) ->
                    settings.request(id, tokens, longest).listener(listener).build());
            promptTokens += tokens.length;
        }
        List<TextChoice> choices = new ArrayList<>();
        for (int i = 0; i < prompts.size() * settings.samples(); i++)
            choices.add(new TextChoice(model.textStream(), settings, settings.logprobs() ? model.logprobs() : null));
        Outlet outlet = jobs.outlet(exchange, "cmpl-", "text_completion", settings);
        Answer answer = new TextAnswer(outlet, choices, settings.stream(), promptTokens);
        jobs.start(exchange, new Job(prompts, settings.samples(), answer), promptTokens);
    }
}
