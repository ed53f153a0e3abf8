/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Searching. The store has its answers in pages; one here is as long as was asked for.
 *
 * Where an answer ends is "MESSAGE/CONVERSATION": who writes a message chooses its id, so that several
 * conversations may have it. */
#define G_LOG_DOMAIN "kith-cli"

#include "config.h"

#include <string.h>

#include "base/kith-error.h"
#include "cli/kith-cli-format.h"
#include "cli/kith-cli-handlers.h"
#include "cli/kith-cli-json.h"
#include "node/kith-command-line.h"
#include "node/kith-node-history.h"

#define NOTHING_BEFORE "There is no such message to go on from"

static JsonObject *
json_hit (KithSearchHit *hit)
{
  KithMessage *message = kith_search_hit_get_message (hit);
  KithConversation *conversation = kith_search_hit_get_conversation (hit);
  JsonObject *object = kith_cli_json_message (message);
  JsonArray *ranges = json_array_new ();
  guint n_ranges;
  const KithSearchRange *range = kith_search_hit_get_ranges (hit, &n_ranges);

  for (guint i = 0; i < n_ranges; i++)
    {
      json_array_add_int_element (ranges, range[i].start);
      json_array_add_int_element (ranges, range[i].end);
    }

  json_object_set_string_member (object, "conversation", kith_conversation_get_key_text (conversation));
  json_object_set_string_member (object, "with", kith_conversation_get_title (conversation));
  json_object_set_string_member (object, "snippet", kith_search_hit_get_snippet (hit));
  json_object_set_array_member (object, "ranges", ranges);
  return object;
}

typedef struct
{
  KithCliCall      *call;
  KithConversation *conversation; /* (owned) (nullable) */
  guint             limit;
  KithSearchHit    *after;        /* (owned) (nullable): where to go on */
  GPtrArray        *hits;         /* (owned) KithSearchHit */
} Search;

static void
search_free (Search *search)
{
  g_clear_object (&search->conversation);
  g_clear_object (&search->after);
  g_ptr_array_unref (search->hits);
  g_free (search);
}

/* (transfer full) (nullable): where to go on; %NULL when there is nothing more */
static char *
dup_next (Search *search)
{
  KithSearchHit *last;

  if (search->hits->len < search->limit)
    return NULL;

  last = g_ptr_array_index (search->hits, search->hits->len - 1);
  return g_strdup_printf ("%s/%s", kith_message_get_id (kith_search_hit_get_message (last)),
                          kith_conversation_get_key_text (kith_search_hit_get_conversation (last)));
}

static void
reply_with_hits (Search *search)
{
  JsonArray *array = json_array_new ();
  JsonObject *reply = json_object_new ();
  g_autofree char *next = dup_next (search);

  for (guint i = 0; i < search->hits->len; i++)
    json_array_add_object_element (array, json_hit (g_ptr_array_index (search->hits, i)));

  json_object_set_array_member (reply, "hits", array);
  json_object_set_string_member (reply, "next", next);
  kith_cli_call_reply (search->call, reply);
}

static void search_on (KithNode *node, Search *search);

static void
searched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Search *search = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) page = kith_node_search_finish (KITH_NODE (source), result, &error);

  for (guint i = 0; page != NULL && i < page->len; i++)
    g_ptr_array_add (search->hits, g_object_ref (g_ptr_array_index (page, i)));

  /* A page without hits is the last one. */
  if (page != NULL && page->len > 0 && search->hits->len < search->limit)
    {
      search_on (KITH_NODE (source), search);
      return;
    }

  if (page == NULL)
    kith_cli_call_fail (search->call, error, NULL);
  else
    reply_with_hits (search);
  search_free (search);
}

static void
search_on (KithNode *node, Search *search)
{
  guint n = search->hits->len;
  KithSearchHit *after = n > 0 ? g_ptr_array_index (search->hits, n - 1) : search->after;

  kith_node_search_async (node, kith_cli_call_get_string (search->call, "text"), search->conversation,
                          search->limit - n, after,
                          kith_cli_app_get_cancellable (kith_cli_call_get_app (search->call)),
                          searched_cb, search);
}

static void
found_before_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Search *search = user_data;
  KithConversation *conversation = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (KithMessage) message =
    kith_node_fetch_message_finish (KITH_NODE (source), result, &conversation, &error);

  if (message != NULL)
    {
      search->after = kith_search_hit_new (conversation, message, "", NULL, 0);
      search_on (KITH_NODE (source), search);
      return;
    }

  if (g_error_matches (error, KITH_ERROR, KITH_ERROR_NOT_FOUND))
    kith_cli_call_fail_invalid (search->call, NOTHING_BEFORE);
  else if (g_error_matches (error, KITH_ERROR, KITH_ERROR_AMBIGUOUS))
    kith_cli_call_fail (search->call, error,
                        "Several conversations have a message of that id: go on from what was given as “next”");
  else
    kith_cli_call_fail (search->call, error, NULL);
  search_free (search);
}

/* (transfer none) (nullable) */
static KithConversation *
find_conversation (KithNode *node, const char *key_text)
{
  GListModel *all = kith_node_get_conversations (node);

  for (guint i = 0; i < g_list_model_get_n_items (all); i++)
    {
      g_autoptr (KithConversation) conversation = g_list_model_get_item (all, i);

      if (g_str_equal (kith_conversation_get_key_text (conversation), key_text))
        return conversation; /* which the node holds */
    }

  return NULL;
}

/* @before: "MESSAGE/CONVERSATION", or a message alone */
static void
go_on_from (KithCliCall *call, Search *search, const char *before)
{
  KithNode *node = kith_cli_call_get_node (call);
  const char *slash = strchr (before, '/');
  g_autofree char *id = slash != NULL ? g_strndup (before, (gsize) (slash - before)) : g_strdup (before);
  KithConversation *from = slash != NULL ? find_conversation (node, slash + 1) : search->conversation;

  if (slash != NULL && (from == NULL || (search->conversation != NULL && from != search->conversation)))
    {
      kith_cli_call_fail_invalid (call, NOTHING_BEFORE);
      search_free (search);
      return;
    }

  kith_node_fetch_message_async (node, from, id, kith_cli_app_get_cancellable (kith_cli_call_get_app (call)),
                                 found_before_cb, search);
}

void
kith_cli_handle_search (KithCliCall *call)
{
  const char *before = kith_cli_call_get_string (call, "before");
  const char *with = kith_cli_call_get_string (call, "with");
  KithConversation *conversation = NULL;
  Search *search;
  guint limit;

  if (!kith_cli_call_take_limit (call, &limit))
    return;

  /* On a line, what comes behind it needs something in its place. */
  if (with != NULL && *with != '\0')
    {
      conversation = kith_cli_call_need_conversation (call, "with");
      if (conversation == NULL)
        return;
    }

  search = g_new0 (Search, 1);
  search->call = call;
  search->limit = limit;
  search->hits = g_ptr_array_new_with_free_func (g_object_unref);
  g_set_object (&search->conversation, conversation);
  if (before == NULL)
    search_on (kith_cli_call_get_node (call), search);
  else
    go_on_from (call, search, before);
}

/* The line that goes on where this answer ends. (transfer full) */
static char *
dup_next_search (KithCliCall *call, const char *next)
{
  const char *with = kith_cli_call_get_string (call, "with");
  g_autofree char *text = kith_line_quote_word (kith_cli_call_get_string (call, "text"));
  g_autofree char *where = kith_line_quote_word (with != NULL ? with : "");
  g_autofree char *line = g_strdup_printf ("/search %s %s %" G_GINT64_FORMAT " %s", text,
                                           where, kith_cli_call_get_int (call, "limit", KITH_CLI_PAGE),
                                           next);

  return kith_cli_text_safe (line);
}

#define MARK_START "\002"
#define MARK_END "\003"
#define SHOWN_START "\u2402" /* what kith_cli_text_safe() makes of them */
#define SHOWN_END "\u2403"

/* The ranges are of the snippet as it is, so their marks have to pass what makes it safe. (transfer full) */
static char *
mark_ranges (const char *snippet, JsonArray *ranges)
{
  GString *out = g_string_new (NULL);
  gsize at = 0;

  for (guint i = 0; i + 1 < json_array_get_length (ranges); i += 2)
    {
      gsize start = (gsize) json_array_get_int_element (ranges, i);
      gsize end = (gsize) json_array_get_int_element (ranges, i + 1);

      if (start < at || end < start || end > strlen (snippet))
        break;
      g_string_append_len (out, snippet + at, (gssize) (start - at));
      g_string_append (out, MARK_START);
      g_string_append_len (out, snippet + start, (gssize) (end - start));
      g_string_append (out, MARK_END);
      at = end;
    }
  g_string_append (out, snippet + at);
  return g_string_free (out, FALSE);
}

/* What was found is painted; not where somebody wrote what stands for the marks. (transfer full) */
static char *
dup_snippet (JsonObject *hit)
{
  const char *snippet = json_object_get_string_member_with_default (hit, "snippet", "");
  g_autofree char *probe = kith_cli_text_paint (KITH_CLI_PAINT_NAME, "-");
  g_autofree char *marked = NULL;
  g_autofree char *safe = NULL;
  g_auto (GStrv) looks = g_strsplit (probe, "-", 2);
  GString *out;

  if (*looks[0] == '\0' || strpbrk (snippet, MARK_START MARK_END) != NULL || strstr (snippet, SHOWN_START) != NULL
      || strstr (snippet, SHOWN_END) != NULL)
    return kith_cli_text_safe (snippet);

  marked = mark_ranges (snippet, json_object_get_array_member (hit, "ranges"));
  safe = kith_cli_text_safe (marked);
  out = g_string_new (safe);
  g_string_replace (out, SHOWN_START, looks[0], 0);
  g_string_replace (out, SHOWN_END, looks[1], 0);
  return g_string_free (out, FALSE);
}

/* With whom, and who wrote it where that does not follow. (transfer full) */
static char *
dup_where (JsonObject *hit)
{
  g_autofree char *with = kith_cli_painted_member (KITH_CLI_PAINT_NAME, hit, "with");
  const char *from = json_object_get_string_member_with_default (hit, "from", "");
  g_autofree char *who = NULL;

  if (g_strcmp0 (from, json_object_get_string_member_with_default (hit, "conversation", NULL)) == 0)
    return g_steal_pointer (&with);

  who = g_str_equal (from, "me") ? g_strdup ("me") : kith_cli_format_somebody (hit, "name");
  return g_strdup_printf ("%s, %s", with, who);
}

char *
kith_cli_format_hits (KithCliCall *call, JsonObject *reply)
{
  JsonArray *array = json_object_get_array_member (reply, "hits");
  guint n = json_array_get_length (array);
  const char *next = json_object_get_string_member_with_default (reply, "next", NULL);
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    {
      JsonObject *hit = json_array_get_object_element (array, i);
      g_autofree char *where = dup_where (hit);
      g_autofree char *snippet = dup_snippet (hit);
      g_autofree char *time = kith_cli_text_time (json_object_get_int_member (hit, "time"));
      g_autofree char *id = kith_cli_painted_member (KITH_CLI_PAINT_QUIET, hit, "message");

      g_string_append_printf (out, "%s%s %s: %s  %s", i > 0 ? "\n" : "", time, where, snippet, id);
    }

  if (next != NULL)
    {
      g_autofree char *line = dup_next_search (call, next);

      g_string_append_printf (out, "\nThere may be more: %s", line);
    }
  if (n == 0)
    g_string_append (out, kith_cli_call_get_string (call, "before") != NULL ? "Nothing more." : "Nothing found.");
  return g_string_free (out, FALSE);
}
