package io.tramontane.cluster.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;

class PageFilterTest {
    private static int status(HttpClient browser, String address) throws Exception {
        return browser.send(HttpRequest.newBuilder(URI.create(address)).build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    @Test
    void sparksPageIsForWhoHasItsAddressWithTheKey() throws Exception {
        SparkConf spark =
                new SparkConf(false).setMaster("local[1]").setAppName("page").set("spark.ui.port", "0");
        SparkSecurity.close(spark);
        try (JavaSparkContext context = new JavaSparkContext(spark)) {
            String page = context.sc().uiWebUrl().get();
            String key = PageFilter.withKey(page, context.getConf());
            assertTrue(key.startsWith(page + "/?secret="), key);
            HttpClient owner = HttpClient.newBuilder()
                    .cookieHandler(new CookieManager())
                    .followRedirects(HttpClient.Redirect.NORMAL)
                    .build();
            HttpClient stranger = HttpClient.newHttpClient();
            for (String path : new String[] {"/", "/environment/", "/api/v1/applications", "/jobs/"})
                assertEquals(403, status(stranger, page + path), path);
            assertEquals(403, status(stranger, page + "/jobs/?secret=" + "0".repeat(64)));
            assertEquals(200, status(owner, key.replace("/?", "/jobs/?")));
            assertEquals(200, status(owner, page + "/environment/")); // by the cookie
        }
    }
}
