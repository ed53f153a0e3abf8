/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>

#include "cli/kith-cli-arguments.h"
#include "cli/kith-cli-json.h"
#include "cli/kith-cli-text.h"

#define FSI "\u2068"
#define PDI "\u2069"
#define RLO "\u202e"
#define ALEF "\u05d0"
#define ACUTE "\u0301"

/* What somebody else wrote cannot steer the terminal, nor reach beyond its own line (12). */
static void
test_safe (void)
{
  static const struct
  {
    const char *text;
    const char *safe;
  } table[] = {
    { "", "" },
    { "plain “quoted” — é 😀 \U0001f469\u200d\U0001f4bb", "plain “quoted” — é 😀 \U0001f469\u200d\U0001f4bb" },
    { "\033[2J\a\b\r\x7f", "\u241b[2J\u2407\u2408\u240d\ufffd" },
    { "\xc2\x9b" "31m\xc2\x85" "x\u2028y\u2029z", "\ufffd31m\ufffdx\ufffdy\ufffdz" },
    { "tab\there", "tab here" },
    { "one\ntwo\n", "one\n    two\n    " },
    { "bad \xff\xfe utf-8 \xe2\x82", "bad \ufffd\ufffd utf-8 \ufffd\ufffd" },
    { ALEF, FSI ALEF PDI },
    { "a" RLO "b", FSI "a" RLO "b" PDI },
    { "\U0001e900\U00010840", FSI "\U0001e900\U00010840" PDI },
    { PDI PDI RLO "x", FSI RLO "x" PDI },
    { FSI "x", FSI FSI "x" PDI PDI },
    { "\u2067x" PDI PDI "y", FSI "\u2067x" PDI "y" PDI },
    { "\u2066" ALEF "\nplain\n" ALEF, FSI "\u2066" ALEF PDI PDI "\n    plain\n    " FSI ALEF PDI },
    { "a" ACUTE ACUTE ACUTE ACUTE ACUTE ACUTE "b" ACUTE, "a" ACUTE ACUTE ACUTE ACUTE "b" ACUTE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autofree char *safe = kith_cli_text_safe (table[i].text);

      g_assert_cmpstr (safe, ==, table[i].safe);
    }
}

/* Whatever the bytes: valid UTF-8 comes out, without control characters, with isolates in pairs. */
static void
test_safe_anything (void)
{
  static const char *const parts[] = { "\033[", "\n", "\t", "\xff", "\xc2\x9b", FSI, PDI, RLO, ALEF, ACUTE,
                                       "a", " ", "\u2066", "\u2067", "\u202c", "\xf0\x9f", "\x01" };
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);

  for (guint round = 0; round < 5000; round++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      g_autofree char *safe = NULL;
      int depth = 0;

      for (gint i = g_rand_int_range (rand, 0, 24); i > 0; i--)
        g_string_append (text, parts[g_rand_int_range (rand, 0, G_N_ELEMENTS (parts))]);

      safe = kith_cli_text_safe (text->str);
      g_assert_true (g_utf8_validate (safe, -1, NULL));
      for (const char *p = safe; *p != '\0'; p = g_utf8_next_char (p))
        {
          gunichar c = g_utf8_get_char (p);

          g_assert_true (c == '\n' || !g_unichar_iscntrl (c));
          if (c >= 0x2066 && c <= 0x2068)
            depth++;
          else if (c == 0x2069)
            g_assert_cmpint (--depth, >=, 0);
          else if (c == '\n')
            g_assert_cmpint (depth, ==, 0);
        }
      g_assert_cmpint (depth, ==, 0);
    }
}

static void
test_paint (void)
{
  g_autofree char *plain = kith_cli_text_paint (KITH_CLI_PAINT_NAME, "Ann");
  g_autofree char *painted = NULL;
  g_autofree char *nothing = NULL;

  kith_cli_text_set_painting (TRUE);
  painted = kith_cli_text_paint (KITH_CLI_PAINT_NAME, "Ann");
  nothing = kith_cli_text_paint (KITH_CLI_PAINT_NAME, "");
  kith_cli_text_set_painting (FALSE);
  g_assert_cmpstr (plain, ==, "Ann");
  g_assert_cmpstr (painted, ==, "\033[1mAnn\033[0m");
  g_assert_cmpstr (nothing, ==, "");
}

static const KithCliArgument list[] = {
  { "who" }, { "port", KITH_CLI_NUMBER, TRUE }, { "text", KITH_CLI_TEXT, TRUE }, { NULL }
};
static const KithCliArgument name_only[] = { { "name", KITH_CLI_NAME }, { NULL } };

static void
assert_line (const KithCliArgument *arguments, const char *line, const char *expected)
{
  g_autoptr (JsonObject) object = json_object_new ();
  gboolean fits = kith_cli_arguments_read_line (arguments, line, object);
  g_autofree char *text = kith_cli_json_to_line (object);

  g_assert_cmpstr (fits ? text : NULL, ==, expected);
}

static void
test_lines (void)
{
  g_autofree char *usage = kith_cli_arguments_usage (list);

  assert_line (list, "", NULL);
  assert_line (list, "ann", "{\"who\":\"ann\"}");
  assert_line (list, "\"Ann B\" 5 a  \"b\" ", "{\"who\":\"Ann B\",\"port\":\"5\",\"text\":\"a  \\\"b\\\" \"}");
  assert_line (name_only, "Ann B ", "{\"name\":\"Ann B\"}");
  assert_line (name_only, "\"Ann B\"", "{\"name\":\"Ann B\"}");
  assert_line (name_only, "\"Ann\" B", "{\"name\":\"\\\"Ann\\\" B\"}");
  assert_line (name_only, "\"Ann", "{\"name\":\"\\\"Ann\"}");
  assert_line (list + 3, "", "{}");
  assert_line (list + 3, "more", NULL);
  g_assert_cmpstr (usage, ==, "who [port] [text…]");
}

static void
test_argv (void)
{
  char *argv[] = { (char *) "a \"b\"", (char *) "5", (char *) "x", (char *) "y z", NULL };
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (JsonObject) more = json_object_new ();
  g_autofree char *text = NULL;

  g_assert_true (kith_cli_arguments_read_argv (list, argv, object));
  text = kith_cli_json_to_line (object);
  g_assert_cmpstr (text, ==, "{\"who\":\"a \\\"b\\\"\",\"port\":\"5\",\"text\":\"x y z\"}");
  g_assert_false (kith_cli_arguments_read_argv (list + 3, argv, more));
  g_assert_false (kith_cli_arguments_read_argv (list, argv + 4, more));
}

static void
test_check (void)
{
  static const struct
  {
    const char *line;
    gboolean    fits;
  } table[] = {
    { "{\"who\": \"ann\"}", TRUE },
    { "{\"who\": \"\", \"other\": 5}", TRUE },
    { "{\"who\": \"a\", \"port\": null, \"text\": null}", TRUE },
    { "{\"who\": \"a\", \"port\": 0}", TRUE },
    { "{\"who\": \"a\", \"port\": \"80\"}", TRUE },
    { "{}", FALSE },
    { "{\"who\": null}", FALSE },
    { "{\"who\": 5}", FALSE },
    { "{\"who\": true}", FALSE },
    { "{\"who\": [\"a\"]}", FALSE },
    { "{\"who\": {\"a\": 1}}", FALSE },
    { "{\"who\": \"a\", \"port\": -1}", FALSE },
    { "{\"who\": \"a\", \"port\": 1.0}", FALSE },
    { "{\"who\": \"a\", \"port\": \"0x50\"}", FALSE },
    { "{\"who\": \"a\", \"port\": \"\"}", FALSE },
    { "{\"who\": \"a\", \"text\": 5}", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr (JsonObject) object = kith_cli_json_parse (table[i].line);
      g_autofree char *wrong = kith_cli_arguments_check (list, object);

      g_test_message ("%s", table[i].line);
      g_assert_cmpint (wrong == NULL, ==, table[i].fits);
    }
}

static void
test_json (void)
{
  static const char *const bad[] = { "", " ", "[]", "5", "null", "\"x\"", "{", "\xff",
                                     "{\"a\": \"\\u0000\"}", "{\"a\\u0000\": 1}", "{\"a\": \"\\\\\\u0000\"}" };
  static const char *const good[] = { "{}", " {} ", "{\"a\": \"\\\\u0000\"}", "{\"a\": \"\\\\\"}" };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_test_message ("line %" G_GSIZE_FORMAT, i);
      g_assert_null (kith_cli_json_parse (bad[i]));
    }

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (JsonObject) object = kith_cli_json_parse (good[i]);

      g_assert_nonnull (object);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cli/safe", test_safe);
  g_test_add_func ("/cli/safe-anything", test_safe_anything);
  g_test_add_func ("/cli/paint", test_paint);
  g_test_add_func ("/cli/lines", test_lines);
  g_test_add_func ("/cli/argv", test_argv);
  g_test_add_func ("/cli/check", test_check);
  g_test_add_func ("/cli/json", test_json);
  return g_test_run ();
}
