package peer;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;

import org.hl7.fhir.convertors.factory.VersionConvertorFactory_30_50;
import org.hl7.fhir.convertors.factory.VersionConvertorFactory_40_50;
import org.hl7.fhir.r5.conformance.profile.ProfileUtilities;
import org.hl7.fhir.r5.context.SimpleWorkerContext;
import org.hl7.fhir.r5.elementmodel.Manager.FhirFormat;
import org.hl7.fhir.r5.model.CanonicalResource;
import org.hl7.fhir.r5.model.Resource;
import org.hl7.fhir.r5.model.StructureDefinition;
import org.hl7.fhir.r5.utils.validation.constants.BestPracticeWarningLevel;
import org.hl7.fhir.r5.utils.validation.constants.ReferenceValidationPolicy;
import org.hl7.fhir.utilities.validation.ValidationMessage;
import org.hl7.fhir.utilities.validation.ValidationMessage.IssueSeverity;
import org.hl7.fhir.validation.ValidationEngine;
import org.hl7.fhir.validation.instance.InstanceValidator;
import org.hl7.fhir.validation.instance.advisor.BasePolicyAdvisorForFullValidation;

/**
 * Validates many files with HL7's validator in one process and writes one line of JSON for each.
 * The list is lines of fields between tabs; README.md beside the project says which.
 * Not for judging: what the validator says is written down as it is, cut short.
 */
public final class Validate {
    private static final int LONGEST_TEXT = 240;
    private static final Set<String> UNKNOWN_SYSTEM = Set.of(
            "UNKNOWN_CODESYSTEM",
            "Unable_to_resolve_system__value_set_has_include_with_unknown_system");

    private record Item(String name, Path path, List<String> profiles) {
    }

    private final Gson gson = new GsonBuilder().disableHtmlEscaping().create();
    private final List<Path> folders = new ArrayList<>();
    private final List<Item> items = new ArrayList<>();
    private String core = "hl7.fhir.r4.core#4.0.1";

    public static void main(String[] arguments) throws Exception {
        long start = System.nanoTime();
        if (arguments.length != 2) {
            System.err.println("usage: peer.Validate LIST RESULT");
            System.exit(2);
        }
        Validate validate = new Validate();
        validate.read(Path.of(arguments[0]));
        // The validator writes to standard output as it pleases; the result has its own file.
        try (PrintStream out = new PrintStream(Files.newOutputStream(Path.of(arguments[1])), true, StandardCharsets.UTF_8)) {
            validate.run(out, start);
        }
    }

    private void read(Path list) throws Exception {
        for (String line : Files.readAllLines(list)) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] fields = line.split("\t", -1);
            switch (fields[0]) {
                case "version" -> core = fields[1].equals("stu3") ? "hl7.fhir.r3.core#3.0.2" : "hl7.fhir.r4.core#4.0.1";
                case "folder" -> folders.add(Path.of(fields[1]));
                case "file" -> {
                    List<String> profiles = new ArrayList<>();
                    for (int at = 3; at < fields.length; at++) {
                        if (!fields[at].isEmpty()) {
                            profiles.add(fields[at]);
                        }
                    }
                    items.add(new Item(fields[1], Path.of(fields[2]), profiles));
                }
                default -> throw new IllegalArgumentException("unknown first field: " + fields[0]);
            }
        }
    }

    private void run(PrintStream out, long start) throws Exception {
        ValidationEngine engine = engine();
        int loaded = 0;
        List<String> refused = new ArrayList<>();
        for (Path folder : folders) {
            loaded += load(engine.getContext(), folder, refused);
        }
        snapshots(engine.getContext(), refused);
        double ready = milliseconds(start);
        long warmStart = 0;
        for (int at = 0; at < items.size(); at++) {
            Item item = items.get(at);
            byte[] body = Files.readAllBytes(item.path());
            long before = System.nanoTime();
            Map<String, Object> line = judge(engine, item, body);
            line.put("ms", milliseconds(before));
            out.println(gson.toJson(line));
            if (at == 0) {
                warmStart = System.nanoTime();
                out.println(gson.toJson(Map.of("ready_ms", ready, "first_answer_ms", milliseconds(start), "definitions", loaded, "refused", refused)));
            }
        }
        out.println(gson.toJson(Map.of("files", items.size(), "after_first_ms", milliseconds(warmStart))));
    }

    private static double milliseconds(long since) {
        return Math.round((System.nanoTime() - since) / 1e4) / 100.0;
    }

    private ValidationEngine engine() throws Exception {
        ValidationEngine engine = new ValidationEngine.ValidationEngineBuilder()
                .withNoTerminologyServer()
                .withCanRunWithoutTerminologyServer(true)
                .fromSource(core);
        engine.getContext().setCanRunWithoutTerminology(true);
        engine.getContext().setNoTerminologyServer(true);
        // References lead nowhere here, but for those within the file.
        engine.setPolicyAdvisor(new BasePolicyAdvisorForFullValidation(ReferenceValidationPolicy.CHECK_TYPE_IF_EXISTS, Set.of()));
        engine.setBestPracticeLevel(BestPracticeWarningLevel.Ignore);
        // As of a system that may hold example addresses, and extensions that nobody here knows.
        engine.setAllowExampleUrls(true);
        engine.setAnyExtensionsAllowed(true);
        engine.setAssumeValidRestReferences(true);
        engine.setDisplayWarnings(true);
        return engine;
    }

    private Map<String, Object> judge(ValidationEngine engine, Item item, byte[] body) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("name", item.name());
        List<Map<String, String>> issues = new ArrayList<>();
        int errors = 0;
        int unknown = 0;
        try {
            FhirFormat format = item.path().toString().endsWith(".xml") ? FhirFormat.XML : FhirFormat.JSON;
            List<ValidationMessage> messages = new ArrayList<>();
            InstanceValidator validator = engine.getValidator(format);
            validator.setBestPracticeWarningLevel(BestPracticeWarningLevel.Ignore);
            // Without this every address that leads nowhere on this machine is an error.
            validator.setFetcher(new Nothing());
            validator.validate(null, messages, new java.io.ByteArrayInputStream(body), format, engine.asSdList(item.profiles()));
            Set<String> undecided = undecided(messages);
            for (ValidationMessage message : messages) {
                boolean isError = message.getLevel() == IssueSeverity.ERROR || message.getLevel() == IssueSeverity.FATAL;
                if (isError && isAboutCodes(message) && undecided.contains(message.getLocation())) {
                    unknown++;
                    continue;
                }
                errors += isError ? 1 : 0;
                if (isError || message.getLevel() == IssueSeverity.WARNING) {
                    issues.add(issue(message));
                }
            }
            line.put("verdict", errors == 0 ? "valid" : "invalid");
        } catch (Throwable problem) {
            line.put("verdict", "failed");
            line.put("problem", cut(String.valueOf(problem)));
        }
        line.put("errors", errors);
        line.put("undecided", unknown);
        line.put("issues", issues);
        return line;
    }

    /** Elements of which the validator says that it does not know the code system: that is no verdict. */
    private static Set<String> undecided(List<ValidationMessage> messages) {
        Set<String> undecided = new HashSet<>();
        for (ValidationMessage message : messages) {
            if (UNKNOWN_SYSTEM.contains(String.valueOf(message.getMessageId()))) {
                undecided.add(message.getLocation().replaceAll("\\.(system|code|coding\\[\\d+\\])$", ""));
                undecided.add(message.getLocation());
            }
        }
        return undecided;
    }

    private static boolean isAboutCodes(ValidationMessage message) {
        String id = String.valueOf(message.getMessageId());
        return UNKNOWN_SYSTEM.contains(id) || id.equals("UNABLE_TO_INFER_CODESYSTEM") || id.startsWith("Terminology_TX_");
    }

    private static Map<String, String> issue(ValidationMessage message) {
        Map<String, String> issue = new LinkedHashMap<>();
        issue.put("severity", message.getLevel().toCode());
        issue.put("path", String.valueOf(message.getLocation()));
        issue.put("id", String.valueOf(message.getMessageId()));
        issue.put("text", cut(String.valueOf(message.getMessage())));
        return issue;
    }

    private static String cut(String text) {
        String line = text.replaceAll("\\s+", " ");
        return line.length() <= LONGEST_TEXT ? line : line.substring(0, LONGEST_TEXT) + "…";
    }

    private int load(SimpleWorkerContext context, Path folder, List<String> refused) throws Exception {
        List<Path> files;
        try (Stream<Path> all = Files.walk(folder)) {
            files = all.filter(it -> it.toString().endsWith(".json") || it.toString().endsWith(".xml")).sorted().toList();
        }
        int loaded = 0;
        for (Path file : files) {
            try {
                Resource resource = parse(file);
                if (resource instanceof CanonicalResource) {
                    context.cacheResource(resource);
                    loaded++;
                }
            } catch (Throwable problem) {
                refused.add(file.getFileName() + ": " + cut(String.valueOf(problem.getMessage())));
            }
        }
        return loaded;
    }

    private Resource parse(Path file) throws Exception {
        byte[] bytes = Files.readAllBytes(file);
        boolean isXml = file.toString().endsWith(".xml");
        if (core.startsWith("hl7.fhir.r3")) {
            var parser = isXml ? new org.hl7.fhir.dstu3.formats.XmlParser() : new org.hl7.fhir.dstu3.formats.JsonParser();
            return VersionConvertorFactory_30_50.convertResource(parser.parse(bytes));
        }
        var parser = isXml ? new org.hl7.fhir.r4.formats.XmlParser() : new org.hl7.fhir.r4.formats.JsonParser();
        return VersionConvertorFactory_40_50.convertResource(parser.parse(bytes));
    }

    private static void snapshots(SimpleWorkerContext context, List<String> refused) {
        for (StructureDefinition profile : context.fetchResourcesByType(StructureDefinition.class)) {
            try {
                snapshot(context, profile);
            } catch (Throwable problem) {
                refused.add(profile.getUrl() + ": " + cut(String.valueOf(problem.getMessage())));
            }
        }
    }

    private static void snapshot(SimpleWorkerContext context, StructureDefinition profile) {
        if (profile.hasSnapshot()) {
            return;
        }
        StructureDefinition base = context.fetchResource(StructureDefinition.class, profile.getBaseDefinition());
        if (base == null) {
            throw new IllegalStateException("the base " + profile.getBaseDefinition() + " is not known");
        }
        snapshot(context, base);
        new ProfileUtilities(context, new ArrayList<>(), null).setAutoFixSliceNames(true)
                .generateSnapshot(base, profile, profile.getUrl(), null, profile.getName());
    }
}
