/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Events about the ways to others, invites, words and files. Several changes in one turn of the main loop are told as one. */
#define G_LOG_DOMAIN "kith-cli"

#include "config.h"

#include "cli/kith-cli-watch.h"

#include "cli/kith-cli-handlers.h"
#include "cli/kith-cli-json.h"
#include "node/kith-node-network.h"

struct _KithCliWatch
{
  KithCliApp   *app;         /* (unowned) */
  KithNode     *node;        /* (owned) */
  guint         idle;
  GPtrArray    *people;      /* (owned) (element-type KithNearby): whose changes are listened to */
  KithDhtStatus dht_status;  /* that people were told last */
  /* What was told last, as lines of JSON */
  char         *told_dht;
  char         *told_port_map;
  char         *told_lan;
  GHashTable   *told_nearby; /* (owned) (element-type utf8 utf8): by ID */
};

/* --- The ways ------------------------------------------------------------------------------- */

/* @event: (transfer full). @told: (inout): what was said last */
static void
tell_if_new (KithCliWatch *self, const char *name, JsonObject *event, char **told)
{
  g_autofree char *line = kith_cli_json_to_line (event);

  if (g_strcmp0 (*told, line) == 0)
    {
      json_object_unref (event);
      return;
    }

  g_free (*told);
  *told = g_steal_pointer (&line);
  kith_cli_app_emit (self->app, name, event);
}

static void
tell_ways (KithCliWatch *self)
{
  KithNetwork *network = kith_node_get_network (self->node);
  KithDhtStatus status = kith_network_get_dht (network);

  /* How many nodes there are matters to programs only. */
  if (status != self->dht_status || kith_cli_app_get_style (self->app) == KITH_CLI_JSON)
    tell_if_new (self, "dht", kith_cli_json_dht (network), &self->told_dht);
  self->dht_status = status;
  tell_if_new (self, "port-map", kith_cli_json_port_map (network), &self->told_port_map);
  tell_if_new (self, "lan", kith_cli_json_lan (network), &self->told_lan);
}

/* What is off need not be told. */
static void
assume_nothing_works (KithCliWatch *self)
{
  g_autoptr (KithNetwork) network = kith_network_new ();
  g_autoptr (JsonObject) dht = kith_cli_json_dht (network);
  g_autoptr (JsonObject) port_map = kith_cli_json_port_map (network);
  g_autoptr (JsonObject) lan = kith_cli_json_lan (network);

  self->dht_status = kith_network_get_dht (network);
  self->told_dht = kith_cli_json_to_line (dht);
  self->told_port_map = kith_cli_json_to_line (port_map);
  self->told_lan = kith_cli_json_to_line (lan);
}

/* --- Who is nearby -------------------------------------------------------------------------- */

static void
tell_nearby_change (KithCliWatch *self, const char *line, const char *change)
{
  JsonObject *event = kith_cli_json_parse (line);

  json_object_set_string_member (event, "change", change);
  kith_cli_app_emit (self->app, "nearby", event);
}

/* (transfer full) */
static GHashTable *
describe_nearby (KithCliWatch *self)
{
  GHashTable *all = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (guint i = 0; i < self->people->len; i++)
    {
      KithNearby *nearby = g_ptr_array_index (self->people, i);
      g_autoptr (JsonObject) object = kith_cli_json_nearby (nearby);

      g_hash_table_replace (all, g_strdup (kith_nearby_get_id (nearby)), kith_cli_json_to_line (object));
    }

  return all;
}

static void
tell_nearby (KithCliWatch *self)
{
  g_autoptr (GHashTable) before = self->told_nearby;
  GHashTable *now = describe_nearby (self);
  GHashTableIter iter;
  gpointer id, line;

  self->told_nearby = now;
  g_hash_table_iter_init (&iter, before);
  while (g_hash_table_iter_next (&iter, &id, &line))
    if (!g_hash_table_contains (now, id))
      tell_nearby_change (self, line, "gone");

  g_hash_table_iter_init (&iter, now);
  while (g_hash_table_iter_next (&iter, &id, &line))
    {
      const char *old = g_hash_table_lookup (before, id);

      if (old == NULL)
        tell_nearby_change (self, line, "appeared");
      else if (!g_str_equal (old, line))
        tell_nearby_change (self, line, "changed");
    }
}

/* --- Invites -------------------------------------------------------------------------------- */

static JsonObject *
invite_event (KithInvitation *invitation)
{
  JsonObject *event = json_object_new ();

  json_object_set_string_member (event, "invite_id", kith_invitation_get_id (invitation));
  json_object_set_string_member (event, "note", kith_invitation_get_note (invitation));
  return event;
}

static void
invitation_used_cb (KithNode *node, KithInvitation *invitation, KithRequest *request, KithCliWatch *self)
{
  JsonObject *event = invite_event (invitation);

  json_object_set_string_member (event, "id", kith_request_get_id (request));
  json_object_set_string_member (event, "name", kith_request_get_name (request));
  kith_cli_app_emit (self->app, "invite-used", event);
}

static void
invitation_misused_cb (KithNode *node, KithInvitation *invitation, KithCliWatch *self)
{
  kith_cli_app_emit (self->app, "invite-misused", invite_event (invitation));
}

/* --- Words that are compared ---------------------------------------------------------------- */

static void
words_changed_cb (KithNode *node, KithComparison *comparison, KithCliWatch *self)
{
  kith_cli_app_emit (self->app, "words", kith_cli_json_words (comparison));
}

/* --- Files ---------------------------------------------------------------------------------- */

static void
transfer_added_cb (KithNode *node, KithTransfer *transfer, KithCliWatch *self)
{
  if (!kith_transfer_is_outgoing (transfer))
    kith_cli_app_emit (self->app, "file-offer", kith_cli_json_transfer (transfer));
}

/* How it ended was told when it did; that its message goes is no news of the file. */
static void
transfer_changed_cb (KithNode *node, KithTransfer *transfer, const char *change, KithCliWatch *self)
{
  JsonObject *event;

  if (g_str_equal (change, "removed"))
    return;

  event = kith_cli_json_transfer (transfer);
  if (g_str_equal (change, "progress") || !kith_transfer_is_over (transfer))
    kith_cli_app_emit (self->app, "file-progress", event);
  else
    kith_cli_app_emit (self->app, "file-done", event);
}

/* --- Groups --------------------------------------------------------------------------------- */

static JsonObject *
group_event (KithGroup *group)
{
  JsonObject *event = json_object_new ();

  json_object_set_string_member (event, "group", kith_group_get_id (group));
  json_object_set_string_member (event, "group_name", kith_group_get_name (group));
  return event;
}

static void
group_changed_cb (KithNode *node, KithGroup *group, const char *change, KithCliWatch *self)
{
  JsonObject *event = group_event (group);

  json_object_set_string_member (event, "name", kith_group_get_name (group));
  json_object_set_string_member (event, "change", change);
  json_object_set_string_member (event, "state", kith_membership_to_string (kith_group_get_state (group)));
  kith_cli_app_emit (self->app, "group", event);
}

static void
member_changed_cb (KithNode *node, KithGroup *group, KithMember *member, const char *change,
                   KithCliWatch *self)
{
  JsonObject *event = group_event (group);

  json_object_set_string_member (event, "id", kith_member_get_id (member));
  json_object_set_string_member (event, "name", kith_member_get_name (member));
  json_object_set_boolean_member (event, "me", kith_member_is_self (member));
  json_object_set_string_member (event, "change", change);
  kith_cli_app_emit (self->app, "member", event);
}

static void
group_request_cb (KithNode *node, KithGroup *group, KithJoinRequest *request, KithCliWatch *self)
{
  JsonObject *event = group_event (group);

  json_object_set_string_member (event, "id", kith_join_request_get_id (request));
  json_object_set_string_member (event, "name", kith_join_request_get_name (request));
  json_object_set_string_member (event, "text", kith_join_request_get_text (request));
  kith_cli_app_emit (self->app, "group-request", event);
}

/* --- Life ----------------------------------------------------------------------------------- */

static gboolean
tell_cb (gpointer user_data)
{
  KithCliWatch *self = user_data;

  self->idle = 0;
  tell_ways (self);
  tell_nearby (self);
  return G_SOURCE_REMOVE;
}

static void
tell_soon (KithCliWatch *self)
{
  if (self->idle == 0)
    self->idle = g_idle_add_full (G_PRIORITY_DEFAULT, tell_cb, self, NULL);
}

static void
stop_listening_to_people (KithCliWatch *self)
{
  for (guint i = 0; i < self->people->len; i++)
    g_signal_handlers_disconnect_by_data (g_ptr_array_index (self->people, i), self);
  g_ptr_array_set_size (self->people, 0);
}

static void
nearby_changed_cb (GListModel *model, guint position, guint removed, guint added, KithCliWatch *self)
{
  stop_listening_to_people (self);
  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      KithNearby *nearby = g_list_model_get_item (model, i);

      g_signal_connect_swapped (nearby, "notify", G_CALLBACK (tell_soon), self);
      g_ptr_array_add (self->people, nearby);
    }

  tell_soon (self);
}

/**
 * kith_cli_watch_new:
 * @app: (unowned): who tells
 * @node: what to watch
 *
 * What is the case already is told as well, in the next turn of the main loop. Main thread.
 *
 * Returns: (transfer full): the watch
 */
KithCliWatch *
kith_cli_watch_new (KithCliApp *app, KithNode *node)
{
  KithCliWatch *self = g_new0 (KithCliWatch, 1);
  GListModel *nearby = kith_node_get_nearby (node);

  self->app = app;
  self->node = g_object_ref (node);
  self->people = g_ptr_array_new_with_free_func (g_object_unref);
  self->told_nearby = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  assume_nothing_works (self);

  g_signal_connect_swapped (kith_node_get_network (node), "notify", G_CALLBACK (tell_soon), self);
  g_signal_connect (nearby, "items-changed", G_CALLBACK (nearby_changed_cb), self);
  g_signal_connect (node, "invitation-used", G_CALLBACK (invitation_used_cb), self);
  g_signal_connect (node, "invitation-misused", G_CALLBACK (invitation_misused_cb), self);
  g_signal_connect (node, "words-changed", G_CALLBACK (words_changed_cb), self);
  g_signal_connect (node, "transfer-added", G_CALLBACK (transfer_added_cb), self);
  g_signal_connect (node, "transfer-changed", G_CALLBACK (transfer_changed_cb), self);
  g_signal_connect (node, "group-changed", G_CALLBACK (group_changed_cb), self);
  g_signal_connect (node, "member-changed", G_CALLBACK (member_changed_cb), self);
  g_signal_connect (node, "group-request", G_CALLBACK (group_request_cb), self);
  nearby_changed_cb (nearby, 0, 0, g_list_model_get_n_items (nearby), self);
  return self;
}

/**
 * kith_cli_watch_free:
 * @self: (transfer full): a watch
 */
void
kith_cli_watch_free (KithCliWatch *self)
{
  stop_listening_to_people (self);
  g_signal_handlers_disconnect_by_data (kith_node_get_nearby (self->node), self);
  g_signal_handlers_disconnect_by_data (kith_node_get_network (self->node), self);
  g_signal_handlers_disconnect_by_data (self->node, self);
  g_clear_handle_id (&self->idle, g_source_remove);
  g_ptr_array_unref (self->people);
  g_hash_table_unref (self->told_nearby);
  g_free (self->told_dht);
  g_free (self->told_port_map);
  g_free (self->told_lan);
  g_object_unref (self->node);
  g_free (self);
}
