<?php
// What a browser would do tediously in a Moodle that is there for tests. Run by moodle.py:
//   php moodle.php DIR COMMAND '{"its": "values"}'      the answer is JSON, on the last line
// Written for Moodle 4.5 (mod/lti/locallib.php).

define('CLI_SCRIPT', true);
require($argv[1] . '/config.php');
require_once($CFG->dirroot . '/course/lib.php');
require_once($CFG->dirroot . '/course/externallib.php');
require_once($CFG->dirroot . '/mod/lti/locallib.php');
require_once($CFG->dirroot . '/user/lib.php');
require_once($CFG->libdir . '/enrollib.php');
require_once($CFG->libdir . '/gradelib.php');

\core\session\manager::set_user(get_admin());
$asked = json_decode($argv[3] ?? '{}', true, 512, JSON_THROW_ON_ERROR);
$command = 'walk_' . $argv[2];
if (!function_exists($command)) {
    fwrite(STDERR, "no such command\n");
    exit(2);
}
echo "\n" . json_encode($command($asked), JSON_UNESCAPED_SLASHES) . "\n";

/** Lets Moodle fetch from a port of this machine; what was allowed before. */
function walk_open_port(array $asked): array {
    $before = [];
    foreach (['curlsecurityblockedhosts' => '', 'curlsecurityallowedport' => "443\n80\n" . $asked['port']] as $name => $value) {
        $before[$name] = (string) get_config('core', $name);
        set_config($name, $value);
    }
    return $before;
}

/** Allows again what was allowed before, and nothing else. */
function walk_close_port(array $before): array {
    foreach (['curlsecurityblockedhosts', 'curlsecurityallowedport'] as $name) {
        set_config($name, $before[$name]);
    }
    return [];
}

/** A course with a teacher, a teacher without editing rights and a student, all new. */
function walk_prepare(array $asked): array {
    global $CFG, $DB;
    $mark = $asked['mark'];
    $category = $DB->get_field_sql('SELECT MIN(id) FROM {course_categories}');
    $course = create_course((object) ['fullname' => "Walk $mark", 'shortname' => "walk-$mark", 'category' => $category]);
    $people = [];
    foreach (['editingteacher', 'teacher', 'student'] as $role) {
        $people[$role] = user_create_user((object) [
            'username' => "walk-$role-$mark", 'password' => $asked['password'], 'firstname' => $role, 'lastname' => 'Walk',
            'email' => "walk-$role-$mark@example.org", 'auth' => 'manual', 'confirmed' => 1,
            'mnethostid' => $CFG->mnet_localhost_id, 'lang' => 'en',
        ]);
        enrol_try_internal_enrol($course->id, $people[$role], $DB->get_field('role', 'id', ['shortname' => $role]));
    }
    $student = (int) $DB->get_field('role', 'id', ['shortname' => 'student']);
    return ['course' => (int) $course->id, 'people' => array_map('intval', $people), 'student_role' => $student];
}

/** A tool as somebody enters it by hand, in the words of docs/lms/moodle.md. */
function walk_tool(array $asked): array {
    global $DB;
    $base = $asked['base'];
    $type = (object) ['state' => LTI_TOOL_STATE_CONFIGURED];
    $config = [
        'lti_typename' => 'Relecture by hand', 'lti_toolurl' => "$base/lti/to/course", 'lti_description' => '',
        'lti_ltiversion' => LTI_VERSION_1P3, 'lti_keytype' => LTI_JWK_KEYSET, 'lti_publickeyset' => "$base/lti/keys",
        'lti_initiatelogin' => "$base/lti/login", 'lti_redirectionuris' => "$base/lti/launch",
        'lti_customparameters' => 'context_history=$Context.id.history', 'lti_contentitem' => 1,
        'lti_toolurl_ContentItemSelectionRequest' => "$base/lti/to/choose", 'lti_forcessl' => 0,
        'lti_coursevisible' => LTI_COURSEVISIBLE_ACTIVITYCHOOSER,
    ] + walk_services();
    $id = lti_add_type($type, (object) $config);
    return ['id' => (int) $id, 'client_id' => $DB->get_field('lti_types', 'clientid', ['id' => $id], MUST_EXIST)];
}

/** Switches on a tool that registered itself, with the settings of docs/lms/moodle.md. */
function walk_activate(array $asked): array {
    global $DB;
    $type = $DB->get_record('lti_types', ['clientid' => $asked['client_id']], '*', MUST_EXIST);
    $DB->update_record('lti_types', (object) [
        'id' => $type->id, 'state' => LTI_TOOL_STATE_CONFIGURED, 'coursevisible' => LTI_COURSEVISIBLE_ACTIVITYCHOOSER,
    ]);
    foreach (walk_services() as $name => $value) {
        lti_update_config((object) ['typeid' => $type->id, 'name' => preg_replace('/^lti_/', '', $name), 'value' => $value]);
    }
    return ['id' => (int) $type->id];
}

/** What docs/lms/moodle.md says of services, privacy and windows. */
function walk_services(): array {
    return [
        'lti_acceptgrades' => LTI_SETTING_DELEGATE, 'lti_sendname' => LTI_SETTING_NEVER,
        'lti_sendemailaddr' => LTI_SETTING_NEVER, 'lti_launchcontainer' => LTI_LAUNCH_CONTAINER_REPLACE_MOODLE_WINDOW,
        'ltiservice_gradesynchronization' => 2, 'ltiservice_memberships' => 1,
    ];
}

/** The links of a course: their course modules and names. */
function walk_links(array $asked): array {
    $found = [];
    foreach (get_fast_modinfo($asked['course'])->get_instances_of('lti') as $cm) {
        $found[] = ['cm' => (int) $cm->id, 'name' => $cm->name];
    }
    return $found;
}

/** The columns of a course but its total: whether an activity has them, and that person's grade. */
function walk_items(array $asked): array {
    $found = [];
    foreach (grade_item::fetch_all(['courseid' => $asked['course']]) ?: [] as $item) {
        if ($item->itemtype !== 'course' && $item->itemtype !== 'category') {
            $grade = $item->get_grade($asked['user'], false);
            $value = $grade->finalgrade ?? null;
            $found[] = ['kind' => $item->itemtype, 'grade' => $value === null ? null : (float) $value, 'max' => (float) $item->grademax];
        }
    }
    return $found;
}

/** Copies a course without its people; its teacher teaches the copy, too. */
function walk_copy(array $asked): array {
    global $DB;
    $course = get_course($asked['course']);
    $made = core_course_external::duplicate_course($course->id, "$course->fullname copy", "$course->shortname-copy", $course->category);
    enrol_try_internal_enrol($made['id'], $asked['teacher'], $DB->get_field('role', 'id', ['shortname' => 'editingteacher']));
    return ['course' => (int) $made['id']];
}

/** Removes courses, people and tools again. */
function walk_tidy(array $asked): array {
    global $DB;
    foreach ($asked['courses'] as $course) {
        delete_course($course, false);
    }
    foreach ($asked['people'] as $person) {
        delete_user($DB->get_record('user', ['id' => $person], '*', MUST_EXIST));
    }
    foreach ($asked['tools'] as $tool) {
        lti_delete_type($tool);
    }
    return [];
}
