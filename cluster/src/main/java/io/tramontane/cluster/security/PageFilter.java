package io.tramontane.cluster.security;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.apache.spark.SparkConf;

/**
 * Closes Spark's pages: those of its master and workers, which Spark cannot leave out of a local cluster, and those of the application.
 * Only an address with the key shows them; the browser keeps the key as a cookie, for the links.
 */
public final class PageFilter implements Filter {
    private static final String FILTERS = "spark.ui.filters";
    private static final String KEY =
            "spark." + PageFilter.class.getName() + ".param.secret"; // Spark hides names with "secret"
    private static final String PARAMETER = "secret";
    private static final String COOKIE = "tramontane-spark";

    private byte[] key = {};

    /** Puts it before all pages that Spark serves. */
    static void passTo(SparkConf spark, String key) {
        String filters = spark.get(FILTERS, "");
        spark.set(FILTERS, filters.isBlank() ? PageFilter.class.getName() : PageFilter.class.getName() + "," + filters);
        spark.set(KEY, key);
    }

    /** An address of Spark's page as its owner needs it. */
    public static String withKey(String page, SparkConf spark) {
        return spark.contains(KEY) ? page + "/?" + PARAMETER + "=" + spark.get(KEY) : page;
    }

    @Override
    public void init(FilterConfig config) {
        String given = config.getInitParameter(PARAMETER);
        key = given == null ? new byte[0] : given.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest asked = (HttpServletRequest) request;
        HttpServletResponse answer = (HttpServletResponse) response;
        if (matches(asked.getParameter(PARAMETER))) {
            Cookie cookie = new Cookie(COOKIE, asked.getParameter(PARAMETER));
            cookie.setHttpOnly(true);
            cookie.setAttribute("SameSite", "Strict");
            cookie.setPath("/");
            answer.addCookie(cookie);
        } else if (!hasCookie(asked)) {
            answer.sendError(HttpServletResponse.SC_FORBIDDEN);
            return;
        }
        chain.doFilter(request, response);
    }

    private boolean hasCookie(HttpServletRequest request) {
        if (request.getCookies() == null) return false;
        for (Cookie cookie : request.getCookies())
            if (cookie.getName().equals(COOKIE) && matches(cookie.getValue())) return true;
        return false;
    }

    private boolean matches(String given) {
        return given != null && key.length > 0 && MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), key);
    }
}
