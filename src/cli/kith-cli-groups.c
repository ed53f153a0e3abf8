/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands about groups: making one, getting in and out. Those about the people in it are in
 * kith-cli-members.c. */
#define G_LOG_DOMAIN "kith-cli"

#include "config.h"

#include "cli/kith-cli-handlers.h"
#include "cli/kith-cli-json.h"
#include "node/kith-command-line.h"
#include "node/kith-node-groups.h"
#include "node/kith-small-picture.h"

/**
 * kith_cli_pending_new_group:
 * @call: (transfer full): a call that does something with a group
 *
 * Returns: (transfer full): the user data for kith_cli_done_cb()
 */
KithCliPending *
kith_cli_pending_new_group (KithCliCall *call)
{
  return kith_cli_pending_new (call, kith_node_group_finish);
}

static JsonArray *
json_people (GPtrArray *contacts)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; contacts != NULL && i < contacts->len; i++)
    {
      KithContact *contact = g_ptr_array_index (contacts, i);
      JsonObject *object = json_object_new ();

      json_object_set_string_member (object, "id", kith_contact_get_id (contact));
      json_object_set_string_member (object, "name", kith_contact_get_display_name (contact));
      json_array_add_object_element (array, object);
    }

  return array;
}

/* --- Which there are ------------------------------------------------------------------------ */

static JsonObject *
json_group (KithNode *node, gpointer item)
{
  return kith_cli_json_group (node, item);
}

void
kith_cli_handle_groups (KithCliCall *call)
{
  kith_cli_call_reply_list (call, "groups", kith_node_get_groups (kith_cli_call_get_node (call)), json_group);
}

/* --- A new one ------------------------------------------------------------------------------ */

static void
created_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  KithCliCall *call = user_data;
  g_autoptr (GPtrArray) absent = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (KithGroup) group
      = kith_node_create_group_finish (KITH_NODE (source), result, &absent, &error);
  JsonObject *reply;

  if (group == NULL)
    {
      kith_cli_call_fail (call, error, NULL);
      return;
    }

  reply = json_object_new ();
  json_object_set_string_member (reply, "group", kith_group_get_id (group));
  json_object_set_string_member (reply, "name", kith_group_get_name (group));
  json_object_set_array_member (reply, "absent", json_people (absent));
  kith_cli_call_reply (call, reply);
}

/* Returns: (transfer full) (nullable) (element-type KithContact): with a NULL at the end; NULL after the
 * call was answered */
static GPtrArray *
need_people (KithCliCall *call, const char *argument)
{
  const char *names = kith_cli_call_get_string (call, argument);
  GPtrArray *contacts = kith_cli_call_need_people (call, names != NULL ? names : "");

  if (contacts != NULL)
    g_ptr_array_add (contacts, NULL);
  return contacts;
}

void
kith_cli_handle_group_new (KithCliCall *call)
{
  g_autoptr (GPtrArray) contacts = need_people (call, "members");

  if (contacts != NULL)
    kith_node_create_group_async (kith_cli_call_get_node (call), kith_cli_call_get_string (call, "name"),
                                  (KithContact *const *) contacts->pdata, NULL, created_cb, call);
}

/* What is asked of a group, whatever others are called meanwhile. */
typedef struct
{
  KithCliCall *call;
  KithGroup   *group; /* (owned) */
} Wish;

static Wish *
wish_new (KithCliCall *call, KithGroup *group)
{
  Wish *self = g_new0 (Wish, 1);

  self->call = call;
  self->group = g_object_ref (group);
  return self;
}

static void
wish_free (Wish *self)
{
  g_object_unref (self->group);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Wish, wish_free)

/* --- Letting others know of it -------------------------------------------------------------- */

static void
invited_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  KithCliCall *call = user_data;
  g_autoptr (GPtrArray) absent = NULL;
  g_autoptr (GError) error = NULL;
  JsonObject *reply;

  if (!kith_node_invite_to_group_finish (KITH_NODE (source), result, &absent, &error))
    {
      kith_cli_call_fail (call, error, NULL);
      return;
    }

  reply = json_object_new ();
  json_object_set_array_member (reply, "absent", json_people (absent));
  kith_cli_call_reply (call, reply);
}

static void
linked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Wish) wish = user_data;
  g_autoptr (GError) error = NULL;
  JsonObject *reply;

  if (!kith_node_group_finish (KITH_NODE (source), result, &error))
    {
      kith_cli_call_fail (wish->call, error, NULL);
      return;
    }

  reply = json_object_new ();
  json_object_set_string_member (reply, "invite", kith_group_get_link (wish->group));
  json_object_set_int_member (reply, "expires", kith_group_get_link_expires_ms (wish->group));
  kith_cli_call_reply (wish->call, reply);
}

/* With names: those contacts are asked to join. Without: a link for anybody, who then asks to join. */
void
kith_cli_handle_group_invite (KithCliCall *call)
{
  KithNode *node = kith_cli_call_get_node (call);
  KithGroup *group = kith_cli_call_need_group (call);
  g_autoptr (GPtrArray) contacts = NULL;

  if (group == NULL)
    return;

  if (kith_cli_call_get_string (call, "who") == NULL)
    {
      kith_node_make_group_link_async (node, group, 0, NULL, linked_cb, wish_new (call, group));
      return;
    }

  contacts = need_people (call, "who");
  if (contacts != NULL)
    kith_node_invite_to_group_async (node, group, (KithContact *const *) contacts->pdata, NULL,
                                     invited_cb, call);
}

void
kith_cli_handle_group_revoke (KithCliCall *call)
{
  KithGroup *group = kith_cli_call_need_group (call);

  if (group != NULL)
    kith_node_revoke_group_link_async (kith_cli_call_get_node (call), group, NULL, kith_cli_done_cb,
                                       kith_cli_pending_new_group (call));
}

/* --- Getting in and out --------------------------------------------------------------------- */

static void
reply_group (KithCliCall *call, KithGroup *group)
{
  JsonObject *reply = json_object_new ();

  json_object_set_string_member (reply, "group", kith_group_get_id (group));
  json_object_set_string_member (reply, "name", kith_group_get_name (group));
  json_object_set_string_member (reply, "state", kith_membership_to_string (kith_group_get_state (group)));
  kith_cli_call_reply (call, reply);
}

static void
joined_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  KithCliCall *call = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (KithGroup) group = kith_node_join_group_finish (KITH_NODE (source), result, &error);

  if (group != NULL)
    reply_group (call, group);
  else
    kith_cli_call_fail (call, error, NULL);
}

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Wish) wish = user_data;
  g_autoptr (GError) error = NULL;

  if (kith_node_group_finish (KITH_NODE (source), result, &error))
    reply_group (wish->call, wish->group);
  else
    kith_cli_call_fail (wish->call, error, NULL);
}

/* A link, or the name of a group that we are invited to. */
void
kith_cli_handle_group_join (KithCliCall *call)
{
  KithNode *node = kith_cli_call_get_node (call);
  const char *what = kith_cli_call_get_string (call, "group");
  KithGroup *group = kith_node_find_group (node, what, NULL);

  if (group != NULL && kith_group_get_state (group) == KITH_MEMBERSHIP_INVITED)
    kith_node_accept_group_invitation_async (node, group, kith_cli_call_get_string (call, "text"), NULL,
                                             answered_cb, wish_new (call, group));
  else
    kith_node_join_group_async (node, what, kith_cli_call_get_string (call, "text"),
                                kith_cli_app_get_cancellable (kith_cli_call_get_app (call)), joined_cb, call);
}

void
kith_cli_handle_group_decline (KithCliCall *call)
{
  KithGroup *group = kith_cli_call_need_group (call);

  if (group != NULL)
    kith_node_decline_group_invitation_async (kith_cli_call_get_node (call), group, NULL,
                                              kith_cli_done_cb, kith_cli_pending_new_group (call));
}

void
kith_cli_handle_leave (KithCliCall *call)
{
  KithGroup *group = kith_cli_call_need_group (call);

  if (group != NULL)
    kith_node_leave_group_async (kith_cli_call_get_node (call), group, NULL, kith_cli_done_cb,
                                 kith_cli_pending_new_group (call));
}

void
kith_cli_handle_group_delete (KithCliCall *call)
{
  KithGroup *group = kith_cli_call_need_group (call);

  if (group != NULL)
    kith_node_delete_group_async (kith_cli_call_get_node (call), group, NULL, kith_cli_done_cb,
                                  kith_cli_pending_new_group (call));
}

/* --- What it is like ------------------------------------------------------------------------ */

void
kith_cli_handle_group_rename (KithCliCall *call)
{
  KithGroup *group = kith_cli_call_need_group (call);

  if (group != NULL)
    kith_node_rename_group_async (kith_cli_call_get_node (call), group,
                                  kith_cli_call_get_string (call, "name"), NULL, kith_cli_done_cb,
                                  kith_cli_pending_new_group (call));
}

void
kith_cli_handle_group_topic (KithCliCall *call)
{
  const char *topic = kith_cli_call_get_string (call, "topic");
  KithGroup *group = kith_cli_call_need_group (call);

  if (group != NULL)
    kith_node_set_group_topic_async (kith_cli_call_get_node (call), group, topic != NULL ? topic : "",
                                     NULL, kith_cli_done_cb, kith_cli_pending_new_group (call));
}

static void
picture_made_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Wish) wish = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) picture = kith_small_picture_make_finish (result, &error);
  KithNode *node = kith_cli_call_get_node (wish->call);

  if (picture == NULL)
    kith_cli_call_fail (wish->call, error, NULL);
  else if (node == NULL)
    kith_cli_call_fail_locked (wish->call);
  else
    kith_node_set_group_picture_async (node, wish->group, picture, NULL, kith_cli_done_cb,
                                       kith_cli_pending_new_group (wish->call));
}

void
kith_cli_handle_group_picture (KithCliCall *call)
{
  const char *path = kith_cli_call_get_string (call, "path");
  KithGroup *group = kith_cli_call_need_group (call);

  if (group == NULL)
    return;

  if (path == NULL || *path == '\0')
    {
      kith_node_set_group_picture_async (kith_cli_call_get_node (call), group, NULL, NULL,
                                         kith_cli_done_cb, kith_cli_pending_new_group (call));
      return;
    }

  kith_small_picture_make_async (path, NULL, picture_made_cb, wish_new (call, group));
}

void
kith_cli_handle_group_history (KithCliCall *call)
{
  KithGroup *group = kith_cli_call_need_group (call);
  KithGroupRules rules;

  if (group == NULL)
    return;

  rules = *kith_group_get_policy (group);
  if (kith_line_parse_history (kith_cli_call_get_string (call, "days"), &rules.history_days))
    kith_node_set_group_policy_async (kith_cli_call_get_node (call), group, &rules, NULL,
                                      kith_cli_done_cb, kith_cli_pending_new_group (call));
  else
    kith_cli_call_fail_invalid (call, "“days” has to be none, all or a number of days");
}

void
kith_cli_handle_mentions (KithCliCall *call)
{
  const char *which = kith_cli_call_get_string (call, "which");
  KithGroup *group;

  if (!g_str_equal (which, "only") && !g_str_equal (which, "all"))
    {
      kith_cli_call_fail_invalid (call, "“which” has to be only or all");
      return;
    }

  group = kith_cli_call_need_group (call);
  if (group != NULL)
    kith_node_set_mentions_only_async (kith_cli_call_get_node (call), group, g_str_equal (which, "only"),
                                       NULL, kith_cli_done_cb, kith_cli_pending_new_group (call));
}
