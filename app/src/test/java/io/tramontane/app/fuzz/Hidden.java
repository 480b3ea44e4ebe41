package io.tramontane.app.fuzz;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;

/** Calls readers that only their package knows. */
final class Hidden {
    private Hidden() {}

    /** A static method with as many parameters as arguments; throws what it throws. */
    static Object call(String type, String name, Object... arguments) throws Exception {
        return call(null, Class.forName("io.tramontane." + type), name, arguments);
    }

    /** A method of an object. */
    static Object callOn(Object object, String name, Object... arguments) throws Exception {
        return call(object, object.getClass(), name, arguments);
    }

    private static Object call(Object object, Class<?> type, String name, Object... arguments) throws Exception {
        Method method = Arrays.stream(type.getDeclaredMethods())
                .filter(each -> each.getName().equals(name) && fits(each, arguments))
                .findFirst()
                .orElseThrow(() -> new NoSuchMethodException(type + "." + name));
        method.setAccessible(true);
        try {
            return method.invoke(object, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Error error) throw error;
            throw (Exception) e.getCause();
        }
    }

    private static boolean fits(Method method, Object... arguments) {
        Class<?>[] types = method.getParameterTypes();
        if (types.length != arguments.length) return false;
        for (int i = 0; i < types.length; i++)
            if (!types[i].isPrimitive() && !types[i].isInstance(arguments[i])) return false;
        return true;
    }
}
