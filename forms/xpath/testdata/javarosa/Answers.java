import java.io.*;
import org.javarosa.core.model.FormDef;
import org.javarosa.core.model.condition.EvaluationContext;
import org.javarosa.core.model.instance.InstanceInitializationFactory;
import org.javarosa.core.model.instance.TreeReference;
import org.javarosa.core.util.JavaRosaCoreModule;
import org.javarosa.model.xform.XFormsModule;
import org.javarosa.xform.util.XFormUtils;
import org.javarosa.xpath.XPathParseTool;
import org.javarosa.xpath.expr.XPathFuncExpr;

/**
 * Writes what JavaRosa makes of expressions, for expressions.tsv.
 *
 * Use: java -Duser.timezone=UTC -cp javarosa-and-its-libraries Answers.java form.xml < in > out
 *
 * A line of input is the context node and the expression, with a tab between. The
 * line of output has the value as text, number and truth added, or E if JavaRosa
 * refuses.
 */
public class Answers {
    public static void main(String[] args) throws Exception {
        new XFormsModule().registerModule();
        new JavaRosaCoreModule().registerModule();
        FormDef form = XFormUtils.getFormFromInputStream(new FileInputStream(args[0]));
        form.initialize(true, new InstanceInitializationFactory());
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, "UTF-8");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, "UTF-8"));
        for (String line; (line = in.readLine()) != null; ) {
            String[] parts = line.split("\t");
            out.println(parts[0] + "\t" + parts[1] + "\t" + answer(form, at(parts[0]), parts[1]));
        }
        out.close();
    }

    static String answer(FormDef form, TreeReference context, String expression) {
        try {
            EvaluationContext ec = new EvaluationContext(form.getEvaluationContext(), context);
            ec.setOriginalContext(context);
            Object value = XPathFuncExpr.unpack(XPathParseTool.parseXPath(expression).eval(form.getMainInstance(), ec));
            return XPathFuncExpr.toString(value) + "\t" + XPathFuncExpr.toNumeric(value) + "\t" + XPathFuncExpr.toBoolean(value);
        } catch (Throwable e) {
            return "E";
        }
    }

    /** Turns /data/trip[2]/country into a reference. */
    static TreeReference at(String path) {
        TreeReference ref = TreeReference.rootRef();
        for (String part : path.substring(1).split("/")) {
            int bracket = part.indexOf('[');
            int place = bracket < 0 ? 0 : Integer.parseInt(part.substring(bracket + 1, part.length() - 1)) - 1;
            ref.add(bracket < 0 ? part : part.substring(0, bracket), place);
        }
        return ref;
    }
}
