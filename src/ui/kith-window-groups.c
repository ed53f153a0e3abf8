/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-sentence.h"
#include "ui/kith-window-private.h"

#include <glib/gi18n.h>

#include "node/kith-node-groups.h"
#include "ui/dialogs/kith-group-dialog.h"
#include "ui/dialogs/kith-group-link-dialog.h"
#include "ui/dialogs/kith-group-people-dialog.h"
#include "ui/kith-group-acts.h"
#include "ui/kith-unfinished.h"

/* What the user does with a group. */

/* The one with exactly this id; NULL when it is gone. */
KithGroup *
kith_window_find_group (KithWindow *self, const char *id)
{
  GListModel *groups = self->node != NULL ? kith_node_get_groups (self->node) : NULL;

  for (guint i = 0; groups != NULL && i < g_list_model_get_n_items (groups); i++)
    {
      g_autoptr (KithGroup) group = g_list_model_get_item (groups, i);

      if (g_str_equal (kith_group_get_id (group), id))
        return group; /* the list holds it */
    }

  return NULL;
}

/* --- Making one, inviting ------------------------------------------------------------------- */

static void
open_group (KithWindow *self, KithGroup *group)
{
  KithConversation *conversation = kith_node_get_group_conversation (self->node, group);

  if (conversation != NULL)
    kith_window_open (self, G_OBJECT (conversation));
}

static void
created_cb (KithWindow *self, KithGroup *group, const char *words)
{
  open_group (self, group);
  kith_window_toast (self, words);
}

static void
invited_cb (KithWindow *self, KithGroup *group, const char *words)
{
  kith_window_toast (self, words);
}

static void
show_new_group (KithWindow *self, const char *name)
{
  GtkWidget *dialog;

  if (!kith_window_has_profile (self))
    return;

  dialog = kith_group_people_dialog_new (GTK_WINDOW (self), self->node, NULL, name);
  g_signal_connect_object (dialog, "done", G_CALLBACK (created_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
new_group_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  show_new_group (KITH_WINDOW (widget), NULL);
}

static void
new_group_named_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  show_new_group (KITH_WINDOW (widget), g_variant_get_string (parameter, NULL));
}

/* --- With one that there is ----------------------------------------------------------------- */

static void
show_invite (KithWindow *self, KithGroup *group)
{
  GtkWidget *dialog = kith_group_people_dialog_new (GTK_WINDOW (self), self->node, group, NULL);

  g_signal_connect_object (dialog, "done", G_CALLBACK (invited_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
show_link (KithWindow *self, KithGroup *group)
{
  gtk_window_present (GTK_WINDOW (kith_group_link_dialog_new (GTK_WINDOW (self), self->node, group)));
}

/* The dialog has gone when it wants something else. */
static void
asked_cb (KithWindow *self, const char *action, KithGroup *group)
{
  gtk_widget_activate_action (GTK_WIDGET (self), action, "s", kith_group_get_id (group));
}

static void
show_details (KithWindow *self, KithGroup *group)
{
  GtkWidget *dialog = kith_group_dialog_new (GTK_WINDOW (self), self->node, group);

  g_signal_connect_object (dialog, "asked", G_CALLBACK (asked_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
leave (KithWindow *self, KithGroup *group)
{
  kith_group_acts_leave (GTK_WINDOW (self), self->node, group);
}

static void
delete_it (KithWindow *self, KithGroup *group)
{
  kith_group_acts_delete (GTK_WINDOW (self), self->node, group);
}

static void
accept_admin (KithWindow *self, KithGroup *group)
{
  kith_group_acts_answer_admin (GTK_WINDOW (self), self->node, group, TRUE);
}

static void
decline_admin (KithWindow *self, KithGroup *group)
{
  kith_group_acts_answer_admin (GTK_WINDOW (self), self->node, group, FALSE);
}

static void
claim_admin (KithWindow *self, KithGroup *group)
{
  kith_group_acts_claim (GTK_WINDOW (self), self->node, group);
}

static void
propose_admin (KithWindow *self, KithGroup *group)
{
  kith_group_acts_propose (GTK_WINDOW (self), self->node, group);
}

static const struct
{
  const char *name;
  void (*run) (KithWindow *self, KithGroup *group);
} actions[] = {
  { "win.invite-to-group", show_invite },    { "win.group-link", show_link },
  { "win.group-details", show_details },     { "win.leave-group", leave },
  { "win.delete-group", delete_it },         { "win.accept-admin", accept_admin },
  { "win.decline-admin", decline_admin },    { "win.claim-admin", claim_admin },
  { "win.propose-admin", propose_admin },
};

static void
group_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithWindow *self = KITH_WINDOW (widget);
  KithGroup *group = kith_window_find_group (self, g_variant_get_string (parameter, NULL));

  for (gsize i = 0; group != NULL && i < G_N_ELEMENTS (actions); i++)
    if (g_str_equal (name, actions[i].name))
      {
        actions[i].run (self, group);
        return;
      }
}

/* --- With somebody in it -------------------------------------------------------------------- */

/* Group and ID string of a member. */
static void
member_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithWindow *self = KITH_WINDOW (widget);
  const char *group_id, *member_id;
  KithGroup *group;
  KithMember *member = NULL;

  g_variant_get (parameter, "(&s&s)", &group_id, &member_id);
  group = kith_window_find_group (self, group_id);
  if (group != NULL)
    member = kith_node_find_member (group, member_id, NULL);
  if (member == NULL)
    return;

  if (g_str_equal (name, "win.kick-member"))
    kith_group_acts_kick (GTK_WINDOW (self), self->node, group, member);
  else if (g_str_equal (name, "win.endorse-member"))
    kith_group_acts_endorse (GTK_WINDOW (self), self->node, group, member);
  else
    kith_group_acts_make_admin (GTK_WINDOW (self), self->node, group, member);
}

/* Group and ID string of who asks to join. */
static void
answer_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithWindow *self = KITH_WINDOW (widget);
  const char *group_id, *request_id;
  KithGroup *group;
  KithJoinRequest *request = NULL;

  g_variant_get (parameter, "(&s&s)", &group_id, &request_id);
  group = kith_window_find_group (self, group_id);
  if (group != NULL)
    request = kith_node_find_join_request (group, request_id, NULL);
  if (request == NULL)
    return;

  if (g_str_equal (name, "win.approve-member"))
    kith_group_acts_approve (GTK_WINDOW (self), self->node, group, request);
  else
    kith_group_acts_deny (GTK_WINDOW (self), self->node, group, request);
}

/* --- What the node says --------------------------------------------------------------------- */

static void
invited_to_cb (KithWindow *self, KithGroup *group)
{
  KithContact *inviter = kith_group_get_inviter (group);
  g_autofree char *words = NULL;

  /* The sidebar shows it, unless the conversation stands in its place. */
  if (kith_group_get_state (group) != KITH_MEMBERSHIP_INVITED || inviter == NULL
      || kith_window_shows_sidebar (self))
    return;

  /* Translators: the name of somebody, and that of a group */
  words = kith_sentence_make (_("%s invites you to “%s”"), kith_contact_get_display_name (inviter),
                              kith_group_get_name (group));
  kith_window_toast_with_button (self, words, _("Show"), "win.open", kith_group_get_id (group));
}

/* An invitation has a page of its own, until it is answered. Anything else that becomes of the group does not
 * take the user away from where they write. */
static void
state_changed_cb (KithWindow *self, KithGroup *group)
{
  KithConversation *conversation = kith_node_get_group_conversation (self->node, group);
  gboolean is_invited = kith_group_get_state (group) == KITH_MEMBERSHIP_INVITED;
  gboolean was_invited
      = g_strcmp0 (gtk_stack_get_visible_child_name (self->content_stack), "invitation") == 0;

  if (conversation != NULL && is_invited != was_invited
      && kith_sidebar_get_selected (self->sidebar) == G_OBJECT (conversation))
    kith_window_open (self, G_OBJECT (conversation));
}

static void
removed_cb (KithWindow *self, KithGroup *group)
{
  GObject *open = kith_sidebar_get_selected (self->sidebar);

  kith_group_dialog_forget_typed (self->node, group);
  kith_unfinished_forget_stored (self->node, kith_group_get_id (group), NULL);
  if (KITH_IS_CONVERSATION (open) && kith_conversation_get_group (KITH_CONVERSATION (open)) == group)
    kith_window_open (self, NULL);
  kith_group_page_forget_typed (self->node, group); /* its page has just been left */
}

static void
asks_to_join_cb (KithWindow *self, KithGroup *group, KithJoinRequest *request)
{
  KithConversation *conversation = kith_node_get_group_conversation (self->node, group);
  g_autofree char *words = NULL;

  /* The bar there says so. */
  if (conversation == NULL || kith_window_is_showing (self, G_OBJECT (conversation)))
    return;

  /* None of a stranger's words, as in a notification. */
  /* Translators: the name of a group */
  words = kith_sentence_make (_("Somebody asks to join “%s”"), kith_group_get_name (group));
  kith_window_toast_with_button (self, words, _("Show"), "win.group-details",
                                 kith_group_get_id (group));
}

/* Connects to what the node says about groups. */
void
kith_window_follow_groups (KithWindow *self)
{
  g_signal_connect_object (self->node, "group-changed::added", G_CALLBACK (invited_to_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->node, "group-changed::state", G_CALLBACK (state_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->node, "group-changed::removed", G_CALLBACK (removed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->node, "group-request", G_CALLBACK (asks_to_join_cb), self,
                           G_CONNECT_SWAPPED);
}

/* Installs those "win.*" that have to do with groups, most of them with the id of one. */
void
kith_window_install_group_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.new-group", NULL, new_group_action);
  gtk_widget_class_install_action (widget_class, "win.new-group-named", "s", new_group_named_action);
  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i].name, "s", group_action);
  gtk_widget_class_install_action (widget_class, "win.kick-member", "(ss)", member_action);
  gtk_widget_class_install_action (widget_class, "win.make-admin", "(ss)", member_action);
  gtk_widget_class_install_action (widget_class, "win.endorse-member", "(ss)", member_action);
  gtk_widget_class_install_action (widget_class, "win.approve-member", "(ss)", answer_action);
  gtk_widget_class_install_action (widget_class, "win.deny-member", "(ss)", answer_action);
  kith_window_install_group_words (widget_class);
}
