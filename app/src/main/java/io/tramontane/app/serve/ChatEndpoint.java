package io.tramontane.app.serve;

import io.tramontane.app.http.Exchange;
import io.tramontane.data.MarkedText;
import java.util.ArrayList;
import java.util.List;

/** {@code POST /v1/chat/completions}. */
final class ChatEndpoint {
    private final ServedModel model;
    private final ChatReader reader;
    private final Jobs jobs;

    ChatEndpoint(ServedModel model, SettingsReader settings, Jobs jobs) {
        this.model = model;
        this.reader = new ChatReader(settings);
        this.jobs = jobs;
    }

    void accept(Exchange exchange, Fields fields) {
        model.check(fields);
        ChatCall call = reader.read(fields);
        Settings settings = call.settings();
        MarkedText text = model.render(call.conversation());
        int[] prompt = model.encode(text);
        int longest = settings.room(
                "messages", prompt.length, reader.settings().limits().context());
        ResponseForm form = model.forms().of(call, text);
        if (form.opening().length >= longest)
            throw ApiError.context(
                    settings.maxTokensField(),
                    settings.maxTokensField() + " " + longest + ", allowed more than " + form.opening().length
                            + ": so many tokens begin the call that tool_choice asks for");
        List<ChatChoice> choices = new ArrayList<>();
        for (int i = 0; i < settings.samples(); i++)
            choices.add(
                    new ChatChoice(form, settings, call.manyCalls(), settings.logprobs() ? model.logprobs() : null));
        Outlet outlet = jobs.outlet(exchange, "chatcmpl-", "chat.completion", settings);
        Answer answer = settings.stream()
                ? new ChatStream(outlet, choices, prompt.length)
                : new ChatWhole(outlet, choices, prompt.length);
        Job.Prompt request = (id, listener) -> settings.request(id, prompt, longest)
                .opening(form.opening())
                .mask(form.mask())
                .listener(listener)
                .build();
        jobs.start(exchange, new Job(List.of(request), settings.samples(), answer), prompt.length);
    }
}
