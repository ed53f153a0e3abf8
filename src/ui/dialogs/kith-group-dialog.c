/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/dialogs/kith-group-dialog.h"

#include <glib/gi18n.h>

#include "node/kith-node-messages.h"
#include "ui/dialogs/kith-group-picture.h"
#include "ui/kith-format.h"
#include "ui/kith-join-request-row.h"
#include "ui/kith-keys.h"
#include "ui/kith-list-focus.h"
#include "ui/kith-member-list.h"
#include "ui/kith-state.h"
#include "ui/kith-toast.h"
#include "ui/kith-typed.h"

/* In the order of the choices in the template. */
static const guint32 history_days[] = { KITH_GROUP_HISTORY_NONE, 7, 30, KITH_GROUP_HISTORY_ALL };

enum
{
  NOTIFY_ALL,
  NOTIFY_MENTIONS,
  NOTIFY_NOTHING,
};

#define TYPED_NAME "group-name"
#define TYPED_TOPIC "group-topic"

struct _KithGroupDialog
{
  AdwWindow parent_instance;

  AdwToastOverlay *toast_overlay;
  KithGroupPicture *picture;
  GtkLabel *title_label;
  GtkLabel *state_label;
  GtkLabel *topic_label;
  GtkWidget *requests_group;
  GtkListBox *requests_box;
  GtkWidget *members_group;
  GtkWidget *invite_box;
  KithMemberList *member_list;
  GtkWidget *notify_group;
  AdwComboRow *notify_row;
  GtkWidget *group_group;
  GtkEditable *name_row;
  GtkEditable *topic_row;
  AdwComboRow *history_row;
  AdwActionRow *history_label_row;
  GtkButton *leave_button;

  KithNode *node;                 /* (owned) (nullable) */
  KithGroup *group;               /* (owned) (nullable) */
  KithConversation *conversation; /* (owned) (nullable) */
  gboolean is_updating;           /* the choices are being set by us */
  char *shown_name;               /* (owned) (nullable) what stands in the entries unless it is changed */
  char *shown_topic;              /* (owned) (nullable) */
};

enum
{
  SIGNAL_ASKED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (KithGroupDialog, kith_group_dialog, ADW_TYPE_WINDOW)

/* --- What there is to see ------------------------------------------------------------------- */

/* Where that stands among the choices; behind them all when it is none of these. */
static guint
find_history (guint32 days)
{
  guint at = 0;

  while (at < G_N_ELEMENTS (history_days) && history_days[at] != days)
    at++;

  return at;
}

/* Another number of days, which was set elsewhere, is a choice as long as it is set. */
static void
update_other_history (KithGroupDialog *self, guint32 days)
{
  GtkStringList *choices = GTK_STRING_LIST (adw_combo_row_get_model (self->history_row));
  guint n_known = G_N_ELEMENTS (history_days);
  guint n_others = g_list_model_get_n_items (G_LIST_MODEL (choices)) - n_known;
  g_autofree char *words
      /* Translators: a choice: of how many days newcomers get to read the messages */
      = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "The last %u day", "The last %u days", days), days);
  const char *other[] = { words, NULL };
  gboolean is_other = find_history (days) == n_known;

  if (is_other && g_strcmp0 (gtk_string_list_get_string (choices, n_known), words) == 0)
    return;

  if (is_other || n_others > 0)
    gtk_string_list_splice (choices, n_known, n_others, is_other ? other : NULL);
}

static guint
find_notify (KithGroupDialog *self)
{
  if (self->conversation != NULL
      && kith_conversation_is_muted (self->conversation, kith_format_now_ms ()))
    return NOTIFY_NOTHING;

  return kith_group_get_mentions_only (self->group) ? NOTIFY_MENTIONS : NOTIFY_ALL;
}

/* What the user is changing stays. @shown: (inout): what was set before */
static void
set_entry (GtkEditable *row, char **shown, const char *text)
{
  if (*shown != NULL && !g_str_equal (gtk_editable_get_text (row), *shown))
    return;
  if (g_strcmp0 (*shown, text) == 0)
    return;

  g_free (*shown);
  *shown = g_strdup (text);
  g_object_set (row, "show-apply-button", FALSE, NULL);
  gtk_editable_set_text (row, text);
  g_object_set (row, "show-apply-button", TRUE, NULL);
  kith_typed_done (GTK_WIDGET (row));
}

static void
update_rules (KithGroupDialog *self)
{
  gboolean is_admin = kith_group_is_admin (self->group);
  guint32 days = kith_group_get_policy (self->group)->history_days;
  guint history = find_history (days);
  GListModel *choices = adw_combo_row_get_model (self->history_row);

  gtk_widget_set_visible (self->group_group, kith_group_is_member (self->group));
  gtk_widget_set_visible (GTK_WIDGET (self->name_row), is_admin);
  gtk_widget_set_visible (GTK_WIDGET (self->topic_row), is_admin);
  gtk_widget_set_visible (GTK_WIDGET (self->history_row), is_admin);
  gtk_widget_set_visible (GTK_WIDGET (self->history_label_row), !is_admin);
  set_entry (self->name_row, &self->shown_name, kith_group_get_name (self->group));
  set_entry (self->topic_row, &self->shown_topic, kith_group_get_topic (self->group));

  update_other_history (self, days);
  adw_combo_row_set_selected (self->history_row, history);
  adw_action_row_set_subtitle (self->history_label_row,
                               gtk_string_list_get_string (GTK_STRING_LIST (choices), history));
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (self->group_group),
                                         is_admin ? NULL : _("Only the admin can change this."));
}

static void
update_requests (KithGroupDialog *self)
{
  GListModel *requests = kith_group_get_requests (self->group);

  gtk_widget_set_visible (self->requests_group,
                          kith_group_is_admin (self->group) && g_list_model_get_n_items (requests) > 0);
}

/* Who came or went since is not known. */
static gboolean
has_been_in (KithGroup *group)
{
  KithMembership state = kith_group_get_state (group);

  return state == KITH_MEMBERSHIP_LEFT || state == KITH_MEMBERSHIP_KICKED;
}

static void
update (KithGroupDialog *self)
{
  const char *topic = kith_group_get_topic (self->group);
  gboolean is_member = kith_group_is_member (self->group);
  gboolean is_asking = kith_group_get_state (self->group) == KITH_MEMBERSHIP_ASKING;
  g_autofree char *state = kith_state_dup_group (self->group);

  self->is_updating = TRUE;
  gtk_label_set_text (self->title_label, kith_group_get_name (self->group));
  gtk_label_set_text (self->state_label, state);
  gtk_label_set_text (self->topic_label, topic);
  gtk_widget_set_visible (GTK_WIDGET (self->topic_label), *topic != '\0');
  gtk_widget_set_visible (self->members_group, kith_group_get_n_members (self->group) > 0);
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (self->members_group),
                                   has_been_in (self->group) ? _("Members When You Were in It")
                                                             /* Translators: of a group */
                                                             : _("Members"));
  gtk_widget_set_visible (self->invite_box, is_member);
  gtk_widget_set_visible (self->notify_group, is_member);
  adw_combo_row_set_selected (self->notify_row, find_notify (self));
  gtk_button_set_label (self->leave_button, is_member   ? _("Leave Group…")
                                            : is_asking ? _("Take Back…")
                                                        : _("Delete Group…"));
  update_rules (self);
  update_requests (self);
  self->is_updating = FALSE;
}

static GtkWidget *
create_request_cb (gpointer item, gpointer user_data)
{
  KithGroupDialog *self = user_data;

  return kith_join_request_row_new (item, self->node, self->group);
}

/* --- Changing it ---------------------------------------------------------------------------- */

static void
said_cb (KithGroupDialog *self, const char *words)
{
  kith_toast_show (self->toast_overlay, words);
}

/* What could not be changed is shown as it is. */
static void
finish (KithGroupDialog *self, const GError *error)
{
  if (self->node == NULL)
    return;

  if (error != NULL)
    kith_toast_show_error (self->toast_overlay, error);
  update (self);
}

static void
done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithGroupDialog) self = user_data;
  g_autoptr (GError) error = NULL;

  kith_node_group_finish (KITH_NODE (source), result, &error);
  finish (self, error);
}

/* A name or a topic was applied. */
static void
applied_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  gboolean is_set = kith_node_group_finish (KITH_NODE (source), result, &error);
  g_autoptr (KithGroupDialog) self = kith_typed_end (user_data, is_set);

  finish (self, error);
}

static void
muted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithGroupDialog) self = user_data;
  g_autoptr (GError) error = NULL;

  kith_node_set_conversation_finish (KITH_NODE (source), result, &error);
  finish (self, error);
}

static void
notify_chosen_cb (KithGroupDialog *self)
{
  guint choice = adw_combo_row_get_selected (self->notify_row);
  guint before;

  if (self->is_updating || self->node == NULL || self->conversation == NULL)
    return;

  before = find_notify (self);
  if (choice == before)
    return;

  if (choice == NOTIFY_NOTHING || before == NOTIFY_NOTHING)
    kith_node_set_conversation_muted_async (self->node, self->conversation,
                                            choice == NOTIFY_NOTHING ? G_MAXINT64 : 0, NULL,
                                            muted_cb, g_object_ref (self));
  if (choice != NOTIFY_NOTHING)
    kith_node_set_mentions_only_async (self->node, self->group, choice == NOTIFY_MENTIONS, NULL,
                                       done_cb, g_object_ref (self));
}

static void
history_chosen_cb (KithGroupDialog *self)
{
  guint choice = adw_combo_row_get_selected (self->history_row);
  KithGroupRules rules;

  if (self->is_updating || self->node == NULL || choice >= G_N_ELEMENTS (history_days))
    return;

  rules = *kith_group_get_policy (self->group);
  if (find_history (rules.history_days) == choice)
    return;

  rules.history_days = history_days[choice];
  kith_node_set_group_policy_async (self->node, self->group, &rules, NULL, done_cb,
                                    g_object_ref (self));
}

static void
name_applied_cb (KithGroupDialog *self)
{
  g_free (self->shown_name);
  self->shown_name = g_strdup (gtk_editable_get_text (self->name_row));
  kith_node_rename_group_async (self->node, self->group, self->shown_name, NULL, applied_cb,
                                kith_typed_begin (GTK_WIDGET (self->name_row)));
}

static void
topic_applied_cb (KithGroupDialog *self)
{
  g_free (self->shown_topic);
  self->shown_topic = g_strdup (gtk_editable_get_text (self->topic_row));
  kith_node_set_group_topic_async (self->node, self->group, self->shown_topic, NULL, applied_cb,
                                   kith_typed_begin (GTK_WIDGET (self->topic_row)));
}

/* Goes, and lets the window go on. */
static void
ask_for (KithGroupDialog *self, const char *action)
{
  g_autoptr (KithGroup) group = g_object_ref (self->group);
  g_autoptr (KithGroupDialog) keep = g_object_ref (self);

  gtk_window_close (GTK_WINDOW (self));
  g_signal_emit (keep, signals[SIGNAL_ASKED], 0, action, group);
}

static void
invite_cb (KithGroupDialog *self)
{
  ask_for (self, "win.invite-to-group");
}

static void
link_cb (KithGroupDialog *self)
{
  ask_for (self, "win.group-link");
}

static void
leave_cb (KithGroupDialog *self)
{
  gboolean is_in = kith_group_is_member (self->group)
                   || kith_group_get_state (self->group) == KITH_MEMBERSHIP_ASKING;

  ask_for (self, is_in ? "win.leave-group" : "win.delete-group");
}

static void
removed_cb (KithGroupDialog *self, KithGroup *group)
{
  if (group == self->group)
    gtk_window_close (GTK_WINDOW (self));
}

/* --- Object --------------------------------------------------------------------------------- */

static void
kith_group_dialog_dispose (GObject *object)
{
  KithGroupDialog *self = KITH_GROUP_DIALOG (object);

  if (self->member_list != NULL)
    kith_member_list_clear (self->member_list);
  if (self->requests_box != NULL)
    kith_list_focus_bind_model (self->requests_box, NULL, NULL, NULL);
  if (self->group != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->group, self);
      g_signal_handlers_disconnect_by_data (kith_group_get_requests (self->group), self);
    }
  g_clear_object (&self->conversation);
  g_clear_object (&self->group);
  g_clear_object (&self->node);
  g_clear_pointer (&self->shown_name, g_free);
  g_clear_pointer (&self->shown_topic, g_free);
  gtk_widget_dispose_template (GTK_WIDGET (self), KITH_TYPE_GROUP_DIALOG);

  G_OBJECT_CLASS (kith_group_dialog_parent_class)->dispose (object);
}

static void
kith_group_dialog_class_init (KithGroupDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kith_group_dialog_dispose;

  signals[SIGNAL_ASKED] = g_signal_new ("asked", KITH_TYPE_GROUP_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING, KITH_TYPE_GROUP);

  g_type_ensure (KITH_TYPE_GROUP_PICTURE);
  g_type_ensure (KITH_TYPE_MEMBER_LIST);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/chat/kith/Kith/dialogs/kith-group-dialog.ui");
  kith_keys_bind_close (widget_class);
  gtk_widget_class_bind_template_child (widget_class, KithGroupDialog, toast_overlay);
  gtk_widget_class_bind_template_child (widget_class, KithGroupDialog, picture);
  gtk_widget_class_bind_template_child (widget_class, KithGroupDialog, title_label);
  gtk_widget_class_bind_template_child (widget_class, KithGroupDialog, state_label);
  gtk_widget_class_bind_template_child (widget_class, KithGroupDialog, topic_label);
  gtk_widget_class_bind_template_child (widget_class, KithGroupDialog, requests_group);
  gtk_widget_class_bind_template_child (widget_class, KithGroupDialog, requests_box);
  gtk_widget_class_bind_template_child (widget_class, KithGroupDialog, members_group);
  gtk_widget_class_bind_template_child (widget_class, KithGroupDialog, invite_box);
  gtk_widget_class_bind_template_child (widget_class, KithGroupDialog, member_list);
  gtk_widget_class_bind_template_child (widget_class, KithGroupDialog, notify_group);
  gtk_widget_class_bind_template_child (widget_class, KithGroupDialog, notify_row);
  gtk_widget_class_bind_template_child (widget_class, KithGroupDialog, group_group);
  gtk_widget_class_bind_template_child (widget_class, KithGroupDialog, name_row);
  gtk_widget_class_bind_template_child (widget_class, KithGroupDialog, topic_row);
  gtk_widget_class_bind_template_child (widget_class, KithGroupDialog, history_row);
  gtk_widget_class_bind_template_child (widget_class, KithGroupDialog, history_label_row);
  gtk_widget_class_bind_template_child (widget_class, KithGroupDialog, leave_button);
  gtk_widget_class_bind_template_callback (widget_class, said_cb);
  gtk_widget_class_bind_template_callback (widget_class, invite_cb);
  gtk_widget_class_bind_template_callback (widget_class, link_cb);
  gtk_widget_class_bind_template_callback (widget_class, leave_cb);
  gtk_widget_class_bind_template_callback (widget_class, notify_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, history_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, name_applied_cb);
  gtk_widget_class_bind_template_callback (widget_class, topic_applied_cb);
}

static void
kith_group_dialog_init (KithGroupDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* What was typed about a group, as kith_typed_watch() calls it. */
static char *
dup_typed_name (KithGroup *group, const char *part)
{
  return g_strconcat (part, "-", kith_group_get_id (group), NULL);
}

static void
watch (KithGroupDialog *self, GtkEditable *row, const char *part)
{
  g_autofree char *name = dup_typed_name (self->group, part);

  kith_typed_watch (GTK_WIDGET (row), self->node, name);
  kith_typed_put_back (GTK_WIDGET (row));
}

/**
 * kith_group_dialog_new:
 * @parent: the window it belongs to
 * @node: whose group
 * @group: what to show
 *
 * Returns: (transfer none): a dialog, to be presented
 */
GtkWidget *
kith_group_dialog_new (GtkWindow *parent, KithNode *node, KithGroup *group)
{
  KithGroupDialog *self = g_object_new (KITH_TYPE_GROUP_DIALOG, "transient-for", parent, NULL);
  GListModel *requests = kith_group_get_requests (group);

  self->node = g_object_ref (node);
  self->group = g_object_ref (group);
  g_set_object (&self->conversation, kith_node_get_group_conversation (node, group));
  kith_group_picture_set_group (self->picture, node, group);
  kith_member_list_set_group (self->member_list, node, group);
  kith_list_focus_bind_model (self->requests_box, requests, create_request_cb, self);
  g_signal_connect_object (requests, "items-changed", G_CALLBACK (update_requests), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (group, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (node, "group-changed::removed", G_CALLBACK (removed_cb), self,
                           G_CONNECT_SWAPPED);
  update (self);
  watch (self, self->name_row, TYPED_NAME);
  watch (self, self->topic_row, TYPED_TOPIC);

  return GTK_WIDGET (self);
}

/**
 * kith_group_dialog_forget_typed:
 * @node: whose group it was
 * @group: one that is gone
 *
 * Forgets what was typed about it and not saved.
 */
void
kith_group_dialog_forget_typed (KithNode *node, KithGroup *group)
{
  static const char *const parts[] = { TYPED_NAME, TYPED_TOPIC };

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autofree char *name = dup_typed_name (group, parts[i]);

      kith_typed_forget (node, name);
    }
}
