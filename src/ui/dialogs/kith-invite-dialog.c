/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/dialogs/kith-invite-dialog.h"

#include <glib/gi18n.h>

#include "base/kith-time.h"
#include "ui/kith-decoration.h"
#include "ui/kith-invite-page.h"
#include "ui/kith-invite-words.h"
#include "ui/kith-keys.h"
#include "ui/kith-list-focus.h"
#include "ui/kith-toast.h"
#include "ui/kith-typed.h"


/* In the order of the choices in the template. */
static const gint64 lifetimes_s[] = {
  KITH_HOUR_S, KITH_DAY_S, 2 * KITH_DAY_S, 7 * KITH_DAY_S, 30 * KITH_DAY_S,
};

struct _KithInviteDialog
{
  AdwWindow parent_instance;

  AdwToastOverlay *toast_overlay;
  AdwWindowTitle *window_title;
  GtkStack *stack;
  GtkWidget *back_button;
  GtkEditable *note_row;
  AdwComboRow *lifetime_row;
  GtkWidget *create_button;
  GtkWidget *list_group;
  GtkListBox *list_box;
  KithInvitePage *invite_page;

  KithNode *node;            /* (owned) */
  GCancellable *cancellable; /* (owned) (nullable) while an invite is being made */
};

G_DEFINE_FINAL_TYPE (KithInviteDialog, kith_invite_dialog, ADW_TYPE_WINDOW)

static void
said_cb (KithInviteDialog *self, const char *words)
{
  kith_toast_show (self->toast_overlay, words);
}

static void
show_start (KithInviteDialog *self)
{
  gtk_stack_set_visible_child_name (self->stack, "start");
  gtk_widget_set_visible (self->back_button, FALSE);
  adw_window_title_set_title (self->window_title, _("Invite a Friend"));
}

static void
show_invitation (KithInviteDialog *self, KithInvitation *invitation)
{
  g_autofree char *title = kith_invite_words_dup_title (invitation);

  gtk_stack_set_visible_child_name (self->stack, "invite");
  gtk_widget_set_visible (self->back_button, TRUE);
  adw_window_title_set_title (self->window_title, title);
  kith_invite_page_set_invitation (self->invite_page, self->node, invitation);
}

/* --- A new one ------------------------------------------------------------------------------ */

static void
created_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KithInvitation) invitation
      = kith_node_create_invite_finish (KITH_NODE (source), result, &error);
  g_autoptr (KithInviteDialog) self = kith_typed_end (user_data, invitation != NULL);

  /* Closed meanwhile: the invite stands in the list. */
  if (self->cancellable == NULL)
    return;

  g_clear_object (&self->cancellable);
  gtk_widget_set_sensitive (self->create_button, TRUE);
  if (invitation != NULL)
    {
      gtk_editable_set_text (self->note_row, "");
      kith_typed_done (GTK_WIDGET (self->note_row));
      show_invitation (self, invitation);
      return;
    }

  kith_toast_show_error (self->toast_overlay, error);
}

static void
create_cb (KithInviteDialog *self)
{
  guint choice = adw_combo_row_get_selected (self->lifetime_row);
  const char *note = gtk_editable_get_text (self->note_row);
  gint64 lifetime_s
      = choice < G_N_ELEMENTS (lifetimes_s) ? lifetimes_s[choice] : KITH_INVITE_DEFAULT_LIFETIME_S;

  if (self->cancellable != NULL)
    return;

  self->cancellable = g_cancellable_new ();
  gtk_widget_set_sensitive (self->create_button, FALSE);
  kith_node_create_invite_async (self->node, lifetime_s, *note != '\0' ? note : NULL,
                                 self->cancellable, created_cb,
                                 kith_typed_begin (GTK_WIDGET (self->note_row)));
}

/* --- Those that there are ------------------------------------------------------------------- */

static void
update_row (AdwActionRow *row)
{
  KithInvitation *invitation = g_object_get_data (G_OBJECT (row), "invitation");
  KithNode *node = g_object_get_data (G_OBJECT (row), "node");
  GtkWidget *warning = g_object_get_data (G_OBJECT (row), "warning");
  g_autofree char *state = kith_invite_words_dup_state (invitation, node);
  g_autofree char *both = NULL;

  if (kith_invitation_get_misused (invitation))
    /* Translators: what came of a link, as "Used by Ann" */
    both = g_strdup_printf (_("%s. Somebody else tried to use it too"), state);

  adw_action_row_set_subtitle (row, both != NULL ? both : state);
  gtk_widget_set_visible (warning, both != NULL);
}

static GtkWidget *
create_row_cb (gpointer item, gpointer user_data)
{
  KithInviteDialog *self = user_data;
  KithInvitation *invitation = item;
  g_autofree char *title = kith_invite_words_dup_title (invitation);
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *warning = g_object_new (GTK_TYPE_IMAGE, "icon-name", "dialog-warning-symbolic", "accessible-role",
                                     GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 1);
  gtk_widget_add_css_class (warning, "warning");
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), warning);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                             kith_decoration_new ("go-next-symbolic"));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);

  g_object_set_data_full (G_OBJECT (row), "invitation", g_object_ref (invitation), g_object_unref);
  g_object_set_data_full (G_OBJECT (row), "node", g_object_ref (self->node), g_object_unref);
  g_object_set_data (G_OBJECT (row), "warning", warning);
  g_signal_connect_object (invitation, "notify", G_CALLBACK (update_row), row, G_CONNECT_SWAPPED);
  /* Only then the one who used it has a name. */
  g_signal_connect_object (self->node, "invitation-used", G_CALLBACK (update_row), row,
                           G_CONNECT_SWAPPED);
  update_row (ADW_ACTION_ROW (row));

  return row;
}

static void
row_activated_cb (KithInviteDialog *self, GtkListBoxRow *row)
{
  show_invitation (self, g_object_get_data (G_OBJECT (row), "invitation"));
}

static void
list_changed_cb (KithInviteDialog *self)
{
  GListModel *invitations = kith_node_get_invitations (self->node);

  gtk_widget_set_visible (self->list_group, g_list_model_get_n_items (invitations) > 0);
}

/* --- Object --------------------------------------------------------------------------------- */

static void
kith_invite_dialog_dispose (GObject *object)
{
  KithInviteDialog *self = KITH_INVITE_DIALOG (object);

  if (self->list_box != NULL)
    kith_list_focus_bind_model (self->list_box, NULL, NULL, NULL);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->node);
  gtk_widget_dispose_template (GTK_WIDGET (self), KITH_TYPE_INVITE_DIALOG);

  G_OBJECT_CLASS (kith_invite_dialog_parent_class)->dispose (object);
}

static void
kith_invite_dialog_class_init (KithInviteDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kith_invite_dialog_dispose;

  g_type_ensure (KITH_TYPE_INVITE_PAGE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/chat/kith/Kith/dialogs/kith-invite-dialog.ui");
  kith_keys_bind_close (widget_class);
  gtk_widget_class_bind_template_child (widget_class, KithInviteDialog, toast_overlay);
  gtk_widget_class_bind_template_child (widget_class, KithInviteDialog, window_title);
  gtk_widget_class_bind_template_child (widget_class, KithInviteDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, KithInviteDialog, back_button);
  gtk_widget_class_bind_template_child (widget_class, KithInviteDialog, note_row);
  gtk_widget_class_bind_template_child (widget_class, KithInviteDialog, lifetime_row);
  gtk_widget_class_bind_template_child (widget_class, KithInviteDialog, create_button);
  gtk_widget_class_bind_template_child (widget_class, KithInviteDialog, list_group);
  gtk_widget_class_bind_template_child (widget_class, KithInviteDialog, list_box);
  gtk_widget_class_bind_template_child (widget_class, KithInviteDialog, invite_page);
  gtk_widget_class_bind_template_callback (widget_class, show_start);
  gtk_widget_class_bind_template_callback (widget_class, said_cb);
  gtk_widget_class_bind_template_callback (widget_class, create_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
}

static void
kith_invite_dialog_init (KithInviteDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * kith_invite_dialog_new:
 * @parent: the window it belongs to
 * @node: who invites
 *
 * Returns: (transfer none): a dialog, to be presented
 */
GtkWidget *
kith_invite_dialog_new (GtkWindow *parent, KithNode *node)
{
  KithInviteDialog *self = g_object_new (KITH_TYPE_INVITE_DIALOG, "transient-for", parent, NULL);
  GListModel *invitations = kith_node_get_invitations (node);

  self->node = g_object_ref (node);
  kith_list_focus_bind_model (self->list_box, invitations, create_row_cb, self);
  g_signal_connect_object (invitations, "items-changed", G_CALLBACK (list_changed_cb), self,
                           G_CONNECT_SWAPPED);
  list_changed_cb (self);
  kith_typed_watch (GTK_WIDGET (self->note_row), node, "invite-note");
  kith_typed_put_back (GTK_WIDGET (self->note_row));
  gtk_widget_grab_focus (self->create_button);

  return GTK_WIDGET (self);
}
