package io.tramontane.rewards;

import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.util.BitSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Decides between Chinese and Japanese where most of a text is Han characters. A single kana is weak evidence, since Japanese can be
 * terse and Chinese borrows and quotes. Evidence and its weight:
 *
 * <pre>
 *   Chinese    a character of a Chinese standard (GB 2312, Big5) that the Japanese one (JIS X 0208) lacks: 1
 *              a pronoun or particle that only Chinese writes so: 1; one that Japanese has in few words: 1/4
 *   Japanese   a character of the Japanese standard that both Chinese ones lack: 1
 *              a run of kana, which is a particle, an ending or a word: 1; の alone, which Chinese borrows for show: 1/4
 *              a character that only GB 2312 lacks beside one that only Big5 lacks: 1/2, since Chinese does not mix them
 * </pre>
 */
final class HanText {
    private static final BitSet JIS = characters("Shift_JIS");
    private static final BitSet SIMPLIFIED = characters("GB2312");
    private static final BitSet TRADITIONAL = characters("Big5");
    private static final Set<Integer> CHINESE_WORDS = points("这這哪个你您她它們们嗎吗呢吧啊么麼怎谁也还沒很让讓给");
    private static final Set<Integer> RARE_IN_JAPANESE = points("的了是我他在把那些没什呀就");
    /** Japanese words that have one of those. */
    private static final Set<String> JAPANESE_WORDS =
            Set.of(("完了 終了 修了 満了 魅了 校了 了解 了承 現在 存在 実在 所在 滞在 潜在 健在 在庫 目的 的中 的確 是正 是非 "
                            + "自我 我慢 他人 他社 他国 他者 其他 把握 没収 没頭 就職 就任 成就 些細")
                    .split(" "));

    private static final int FIRST = 0x4E00;
    private static final int LAST = 0x9FFF;
    private static final int NO = 'の';

    private HanText() {}

    /** True when the evidence for Japanese weighs more; kana without evidence for Chinese are enough. */
    static boolean isJapanese(String words) {
        Signs signs = Signs.of(words);
        return signs.japanese > 0 && signs.japanese >= signs.chinese;
    }

    /** True when the evidence for Chinese weighs more. */
    static boolean isChinese(String words) {
        Signs signs = Signs.of(words);
        return signs.chinese > signs.japanese;
    }

    /** In quarters. */
    private static final class Signs {
        private int chinese;
        private int japanese;
        private int onlyTraditional;
        private int onlySimplified;

        static Signs of(String words) {
            Signs signs = new Signs();
            int run = 0; // kana in a row
            for (int i = 0, point; i < words.length(); i += Character.charCount(point)) {
                point = words.codePointAt(i);
                boolean kana = WritingSystem.of(point) == WritingSystem.KANA;
                if (kana && run == 0) signs.japanese += point == NO ? 1 : 4;
                else if (kana && run == 1 && words.codePointBefore(i) == NO) signs.japanese += 3;
                else if (point >= FIRST && point <= LAST) signs.han(words, i);
                run = kana ? run + 1 : 0;
            }
            signs.japanese += 2 * Math.min(signs.onlyTraditional, signs.onlySimplified);
            return signs;
        }

        private void han(String words, int at) {
            int point = words.charAt(at);
            boolean simplified = SIMPLIFIED.get(point);
            boolean traditional = TRADITIONAL.get(point);
            boolean inJapan = JIS.get(point);
            if (CHINESE_WORDS.contains(point) || !inJapan && (simplified || traditional)) chinese += 4;
            else if (RARE_IN_JAPANESE.contains(point)) chinese += isInJapaneseWord(words, at) ? 0 : 1;
            else if (!simplified && !traditional) japanese += inJapan ? 4 : 0;
            else if (!simplified) onlyTraditional++;
            else if (!traditional) onlySimplified++;
        }

        private static boolean isInJapaneseWord(String words, int at) {
            return at > 0 && JAPANESE_WORDS.contains(words.substring(at - 1, at + 1))
                    || at + 1 < words.length() && JAPANESE_WORDS.contains(words.substring(at, at + 2));
        }
    }

    private static Set<Integer> points(String text) {
        return text.codePoints().boxed().collect(Collectors.toUnmodifiableSet());
    }

    private static BitSet characters(String standard) {
        CharsetEncoder encoder = Charset.forName(standard).newEncoder();
        BitSet inside = new BitSet(LAST + 1);
        for (int point = FIRST; point <= LAST; point++) if (encoder.canEncode((char) point)) inside.set(point);
        return inside;
    }
}
