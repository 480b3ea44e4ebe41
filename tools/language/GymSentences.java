import io.tramontane.data.GymConfig;
import io.tramontane.data.ProblemSource;
import io.tramontane.data.gym.Gym;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Prints statements of the gym, one a line, in seven languages by turns: the first part of the language fixture. */
public final class GymSentences {
    private static final List<String> FAMILIES =
            List.of("chain", "arithmetic", "fractions", "equations", "remainders", "sequences", "words");

    public static void main(String[] args) {
        GymConfig usual = GymConfig.defaults();
        GymConfig maths = new GymConfig(
                usual.languages(), usual.levelWeights(), FAMILIES, 0, usual.codeLanguages(), usual.codeTopLevel(),
                usual.codeFamilies());
        ProblemSource source = Gym.training(maths, 20);
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        for (int i = 0; i < Integer.parseInt(args[0]); i++)
            out.println(source.get(i).statement().replaceAll("\\s+", " "));
    }
}
