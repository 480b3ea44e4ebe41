package io.tramontane.rewards;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where most is Han: Japanese is not Chinese, with one kana or none, and Chinese stays Chinese, whatever it quotes. */
class HanTextTest {
    private final LanguageConsistency chinese =
            new LanguageConsistency(List.of("en", "fr", "es", "it", "de", "zh", "ru"));
    private final LanguageConsistency japanese = new LanguageConsistency(List.of("en", "ja"));
    private final LanguageConsistency both = new LanguageConsistency(List.of("en", "ja", "zh"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "持込申請は最悪状態完了。林檎七個残存確認済。",
                "問題の解決方法確認完了",
                "東京都内在住者数、前年比三割増加を記録。",
                "林檎七個残存確認済",
                "今回問題、解答七個。計算完了済み。",
                "農家が林檎七個所有",
                "現在の在庫数、合計三十八個。検算完了。",
                "答は七個",
                "最終的回答、三十八。以上証明終了である。",
                "売上総額を単価で除算、販売個数算出。",
                "他社製品価格調査は未実施",
                "総数三八個、隣人譲渡数三一個、残数七個なり",
                "積極的対応方針について確認",
                "駅前広場集合、図書館経由、徒歩五分で到着。",
                "昨日は本をたくさん読みました。"
            })
    void japanese(String text) {
        assertEquals("other", chinese.of(text, "zh"));
        assertEquals("ja", japanese.of(text, "ja"));
        assertEquals("ja", both.of(text, "zh"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "农夫把一些苹果给了邻居之后，他还剩下多少个苹果？",
                "农夫の苹果给了邻居之后，还剩下七个。",
                "我们的の答案是七个",
                "他看了《ドラえもん》的动画片",
                "这就是所谓的「カワイイ」文化，很受欢迎",
                "首先，总共有三十八个苹果，然后减去三十一个，ok的の，剩下七个。",
                "我們の答案是七個蘋果",
                "農夫把蘋果給了鄰居之後，他還剩下多少個蘋果？",
                "這個字是の，你看得懂嗎",
                "总价を单价除以，得到数量，所以这里有七个",
                "她在东京的新宿駅等了他们两个小时",
                "让我们计算一下：每人分到三个，一共需要二十一个。ね",
                "这是滝沢先生的七个苹果",
                "数量变成三倍"
            })
    void chinese(String text) {
        assertEquals("zh", chinese.of(text, "zh"));
        assertEquals("zh", both.of(text, "ja"));
        assertEquals("other", japanese.of(text, "ja"));
    }
}
