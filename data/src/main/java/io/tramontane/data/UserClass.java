package io.tramontane.data;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;

/**
 * A class of the user's own that the config names. It is loaded by the thread's context class loader, because Spark's
 * executors load a user's jars apart. Every fault is bad input that names the key.
 *
 * @param type what the class must implement
 * @param name its full name
 * @param key the config's key and value, for errors
 * @param known end of the error for an unknown class: what else is allowed; empty if nothing is
 */
public record UserClass<T>(Class<T> type, String name, String key, String known) {
    /**
     * Makes an object with the public constructor that takes {@code parameter}, else with the one without parameters.
     *
     * @param options the options that a constructor without parameters would lose, for the error; empty if there are none
     * @throws BadInputException when the class cannot be loaded or made, does not implement the type, or loses options
     */
    public <A> T make(Class<A> parameter, A argument, String options) {
        Class<?> found = find();
        if (!type.isAssignableFrom(found)) throw bad("does not implement " + type.getName());
        try {
            Constructor<?> full = constructor(found, parameter);
            if (full != null) return type.cast(full.newInstance(argument));
            Constructor<?> plain = constructor(found);
            if (plain == null)
                throw bad("has no public constructor without parameters or with a " + parameter.getSimpleName());
            if (!options.isEmpty())
                throw bad("takes no options, its only public constructor has no parameters; given " + options);
            return type.cast(plain.newInstance());
        } catch (InvocationTargetException theirs) {
            throw bad("its constructor failed: " + theirs.getCause());
        } catch (InstantiationException | IllegalAccessException | LinkageError cannot) {
            throw bad("cannot be made, it must be a public class that is not abstract: " + cannot);
        }
    }

    private BadInputException bad(String why) {
        return new BadInputException(key + ": " + why);
    }

    private Class<?> find() {
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        try {
            return Class.forName(name, true, loader != null ? loader : UserClass.class.getClassLoader());
        } catch (ClassNotFoundException none) {
            throw bad("no such class on the class path (TRAMONTANE_CLASSPATH)" + known);
        } catch (LinkageError broken) {
            throw bad("cannot be loaded: " + broken);
        }
    }

    private static Constructor<?> constructor(Class<?> type, Class<?>... parameters) {
        try {
            return type.getConstructor(parameters);
        } catch (NoSuchMethodException none) {
            return null;
        }
    }
}
