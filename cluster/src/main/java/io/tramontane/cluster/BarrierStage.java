package io.tramontane.cluster;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.api.java.JavaRDD;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction1;

/** A stage whose tasks all start together or not at all. Spark offers it to Scala; this is the way from Java. */
final class BarrierStage {
    private BarrierStage() {}

    /** What a task does with its number. */
    interface Task extends Serializable {
        void run(int number);
    }

    /** Runs one task per partition and returns when all have ended. */
    static void run(JavaRDD<Integer> numbers, Task task) {
        ClassTag<Integer> tag = ClassTag$.MODULE$.apply(Integer.class);
        JavaRDD.fromRDD(numbers.rdd().barrier().mapPartitions(new Each(task), false, tag), tag)
                .count();
    }

    /** In a task: waits for all tasks of the stage, and returns what each said. */
    static List<String> meet(String mine) {
        return List.of(BarrierTaskContext.get().allGather(mine));
    }

    private static final class Each extends AbstractFunction1<Iterator<Integer>, Iterator<Integer>>
            implements Serializable {
        private final Task task;

        Each(Task task) {
            this.task = task;
        }

        @Override
        public Iterator<Integer> apply(Iterator<Integer> numbers) {
            int number = numbers.next();
            task.run(number);
            return CollectionConverters.asScala(List.of(number).iterator());
        }
    }
}
