/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-window-private.h"

#include <glib/gi18n.h>

#include "node/kith-command-line.h"
#include "node/kith-explain.h"
#include "node/kith-node-groups.h"
#include "ui/kith-group-acts.h"
#include "ui/kith-group-words.h"

/* What the user does with a group in words, in its composer, without a dialog. */

/* (transfer container) (element-type KithContact): with a NULL behind them; who is none any more is left
 * out */
static GPtrArray *
find_contacts (KithWindow *self, GVariantIter *ids)
{
  GPtrArray *contacts = g_ptr_array_new ();
  const char *id;

  while (g_variant_iter_next (ids, "&s", &id))
    {
      KithContact *contact = kith_node_find_contact (self->node, id, NULL);

      if (contact != NULL)
        g_ptr_array_add (contacts, contact); /* the node holds it */
    }
  g_ptr_array_add (contacts, NULL);

  return contacts;
}

/* --- People --------------------------------------------------------------------------------- */

/* @absent: (nullable). @error: (nullable): why it was not done */
static void
say_invited (KithWindow *self, GPtrArray *absent, const GError *error)
{
  g_autofree char *words = NULL;

  if (error != NULL)
    words = kith_explain_error (error);
  else if (absent != NULL)
    words = kith_group_words_dup_absent (absent);
  kith_window_toast (self, words != NULL ? words : _("Invitations sent"));
}

static void
made_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithWindow) self = user_data;
  g_autoptr (GPtrArray) absent = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (KithGroup) group
      = kith_node_create_group_finish (KITH_NODE (source), result, &absent, &error);

  /* The profile may have been locked meanwhile. */
  if (self->node == NULL)
    return;

  if (group != NULL)
    kith_window_open_id (self, kith_group_get_id (group));
  say_invited (self, absent, error);
}

static void
make_group_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  KithWindow *self = KITH_WINDOW (widget);
  g_autoptr (GVariantIter) ids = NULL;
  g_autoptr (GPtrArray) contacts = NULL;
  const char *name;

  if (!kith_window_has_profile (self))
    return;

  g_variant_get (parameter, "(&sas)", &name, &ids);
  contacts = find_contacts (self, ids);
  kith_node_create_group_async (self->node, name, (KithContact *const *) contacts->pdata, NULL,
                                made_cb, g_object_ref (self));
}

static void
invited_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithWindow) self = user_data;
  g_autoptr (GPtrArray) absent = NULL;
  g_autoptr (GError) error = NULL;

  kith_node_invite_to_group_finish (KITH_NODE (source), result, &absent, &error);
  say_invited (self, absent, error);
}

static void
invite_people_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  KithWindow *self = KITH_WINDOW (widget);
  g_autoptr (GVariantIter) ids = NULL;
  g_autoptr (GPtrArray) contacts = NULL;
  const char *id;
  KithGroup *group;

  g_variant_get (parameter, "(&sas)", &id, &ids);
  group = kith_window_find_group (self, id);
  if (group == NULL)
    return;

  contacts = find_contacts (self, ids);
  kith_node_invite_to_group_async (self->node, group, (KithContact *const *) contacts->pdata, NULL,
                                   invited_cb, g_object_ref (self));
}

/* --- The group ------------------------------------------------------------------------------ */

static void
revoked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *words = NULL;

  if (!kith_node_group_finish (KITH_NODE (source), result, &error))
    words = kith_explain_error (error);
  kith_window_toast (self, words != NULL ? words : _("The group’s link does not work anymore"));
}

static void
revoke_link (KithWindow *self, KithGroup *group)
{
  kith_node_revoke_group_link_async (self->node, group, NULL, revoked_cb, g_object_ref (self));
}

static void
join (KithWindow *self, KithGroup *group)
{
  kith_node_accept_group_invitation_async (self->node, group, NULL, NULL, kith_group_acts_done_cb,
                                           g_object_ref (self));
}

static void
decline (KithWindow *self, KithGroup *group)
{
  kith_node_decline_group_invitation_async (self->node, group, NULL, kith_group_acts_done_cb,
                                            g_object_ref (self));
}

static void
unask_admin (KithWindow *self, KithGroup *group)
{
  kith_node_transfer_admin_async (self->node, group, NULL, NULL, kith_group_acts_done_cb,
                                  g_object_ref (self));
}

static const struct
{
  const char *name;
  void (*run) (KithWindow *self, KithGroup *group);
} acts[] = {
  { "win.revoke-group-link", revoke_link },
  { "win.join-group", join },
  { "win.decline-group", decline },
  { "win.unask-admin", unask_admin },
};

static void
act_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithWindow *self = KITH_WINDOW (widget);
  KithGroup *group = kith_window_find_group (self, g_variant_get_string (parameter, NULL));

  for (gsize i = 0; group != NULL && i < G_N_ELEMENTS (acts); i++)
    if (g_str_equal (name, acts[i].name))
      acts[i].run (self, group);
}

/* --- What it is like ------------------------------------------------------------------------ */

typedef struct _Setting Setting;

struct _Setting
{
  const char *name;
  const char *word; /* what it is set with */
  void (*run) (KithWindow *self, KithGroup *group, const char *value, const Setting *setting);
};

/* What was written, until it is done. */
typedef struct
{
  KithWindow *window;     /* (owned) */
  KithGroup *group;       /* (owned) */
  const Setting *setting; /* static */
  char *value;            /* (owned) */
} Order;

static Order *
order_new (KithWindow *window, KithGroup *group, const char *value, const Setting *setting)
{
  Order *order = g_new0 (Order, 1);

  order->window = g_object_ref (window);
  order->group = g_object_ref (group);
  order->setting = setting;
  order->value = g_strdup (value);

  return order;
}

static void
order_free (Order *order)
{
  g_object_unref (order->window);
  g_object_unref (order->group);
  g_free (order->value);
  g_free (order);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Order, order_free)

/* Says why it was not done, and puts the words back. */
static void
refuse (KithWindow *self, KithGroup *group, const char *value, const Setting *setting, const char *why)
{
  KithConversation *conversation = NULL;
  g_autofree char *words = g_strjoin (" ", setting->word, value, NULL);

  kith_window_toast (self, why);
  /* It may be locked, or gone. */
  if (self->node != NULL && self->conversation_view != NULL)
    conversation = kith_node_get_group_conversation (self->node, group);
  if (conversation != NULL)
    kith_conversation_view_give_back (self->conversation_view, conversation, g_strchomp (words));
}

static void
set_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Order) order = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *words = NULL;

  if (kith_node_group_finish (KITH_NODE (source), result, &error))
    return;

  words = kith_explain_error (error);
  refuse (order->window, order->group, order->value, order->setting, words);
}

static void
rename_group (KithWindow *self, KithGroup *group, const char *value, const Setting *setting)
{
  if (*value == '\0')
    refuse (self, group, value, setting, _("Write the new name behind it"));
  else
    kith_node_rename_group_async (self->node, group, value, NULL, set_cb,
                                  order_new (self, group, value, setting));
}

static void
set_topic (KithWindow *self, KithGroup *group, const char *value, const Setting *setting)
{
  kith_node_set_group_topic_async (self->node, group, value, NULL, set_cb,
                                   order_new (self, group, value, setting));
}

static void
set_history (KithWindow *self, KithGroup *group, const char *value, const Setting *setting)
{
  KithGroupRules rules = *kith_group_get_policy (group);

  if (!kith_line_parse_history (value, &rules.history_days))
    refuse (self, group, value, setting, _("Write “none”, “all” or a number of days behind it"));
  else
    kith_node_set_group_policy_async (self->node, group, &rules, NULL, set_cb,
                                      order_new (self, group, value, setting));
}

/* Nothing in the conversation says so. */
static void
set_mentions (KithWindow *self, KithGroup *group, const char *value, const Setting *setting)
{
  gboolean only = g_str_equal (value, "only");

  if (!only && !g_str_equal (value, "all"))
    {
      refuse (self, group, value, setting, _("Write “only” or “all” behind it"));
      return;
    }

  kith_node_set_mentions_only_async (self->node, group, only, NULL, set_cb,
                                     order_new (self, group, value, setting));
  kith_window_toast (self, only ? _("You will be told only of messages that mention you")
                                : _("You will be told of all messages"));
}

static const Setting settings[] = {
  { "win.rename-group", "/group rename", rename_group },
  { "win.set-group-topic", "/group topic", set_topic },
  { "win.set-group-history", "/group history", set_history },
  { "win.set-mentions", "/mentions", set_mentions },
};

/* The id of a group, and what to set. */
static void
set_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithWindow *self = KITH_WINDOW (widget);
  const char *id, *value;
  KithGroup *group;

  g_variant_get (parameter, "(&s&s)", &id, &value);
  group = kith_window_find_group (self, id);
  for (gsize i = 0; group != NULL && i < G_N_ELEMENTS (settings); i++)
    if (g_str_equal (name, settings[i].name))
      settings[i].run (self, group, value, &settings[i]);
}

/* Installs those "win.*" that do at once what was written. */
void
kith_window_install_group_words (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.make-group", "(sas)", make_group_action);
  gtk_widget_class_install_action (widget_class, "win.invite-people", "(sas)", invite_people_action);
  for (gsize i = 0; i < G_N_ELEMENTS (acts); i++)
    gtk_widget_class_install_action (widget_class, acts[i].name, "s", act_action);
  for (gsize i = 0; i < G_N_ELEMENTS (settings); i++)
    gtk_widget_class_install_action (widget_class, settings[i].name, "(ss)", set_action);
}
