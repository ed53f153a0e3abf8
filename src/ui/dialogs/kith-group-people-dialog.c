/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/dialogs/kith-group-people-dialog.h"

#include <glib/gi18n.h>

#include "node/kith-explain.h"
#include "ui/kith-announce.h"
#include "ui/kith-entry-state.h"
#include "ui/kith-group-words.h"
#include "ui/kith-keys.h"
#include "ui/kith-name-input.h"
#include "ui/kith-people-chooser.h"
#include "ui/kith-typed.h"

struct _KithGroupPeopleDialog
{
  AdwWindow parent_instance;

  GtkWidget *name_box;
  GtkEditable *name_row;
  GtkLabel *complaint_label;
  GtkStack *stack;
  KithPeopleChooser *chooser;
  GtkLabel *hint_label;
  GtkLabel *error_label;
  GtkButton *create_button;

  KithNode *node;   /* (owned) (nullable) */
  KithGroup *group; /* (owned) (nullable): NULL for a new one */
  gboolean is_busy;
};

enum
{
  SIGNAL_DONE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (KithGroupPeopleDialog, kith_group_people_dialog, ADW_TYPE_WINDOW)

/* --- What is chosen ------------------------------------------------------------------------- */

static gboolean
is_outside_cb (KithContact *contact, gpointer user_data)
{
  KithGroupPeopleDialog *self = user_data;
  KithMember *member = self->group != NULL
                           ? kith_group_find_member (self->group, kith_contact_get_identity (contact))
                           : NULL;

  return member == NULL || !kith_member_get_current (member);
}

static void
update_hint (KithGroupPeopleDialog *self, GPtrArray *chosen)
{
  g_autoptr (GPtrArray) absent = g_ptr_array_new ();
  g_autofree char *words = NULL;

  for (guint i = 0; i < chosen->len; i++)
    if (kith_contact_get_presence (g_ptr_array_index (chosen, i)) != KITH_PRESENCE_ONLINE)
      g_ptr_array_add (absent, g_ptr_array_index (chosen, i));

  words = kith_group_words_dup_absent (absent);
  if (words == NULL)
    words = g_strdup (self->group == NULL
                          ? _("You are the admin. Whoever you invite decides whether to join.")
                          : _("Whoever you invite decides whether to join."));
  gtk_label_set_text (self->hint_label, words);
}

static void
update (KithGroupPeopleDialog *self)
{
  g_autoptr (GPtrArray) chosen = kith_people_chooser_dup_chosen (self->chooser);
  const char *complaint = NULL;
  gboolean is_named = self->group != NULL
                      || kith_name_input_check (gtk_editable_get_text (self->name_row), &complaint);
  gboolean nobody = kith_people_chooser_get_n_people (self->chooser) == 0;

  kith_entry_state_show (GTK_WIDGET (self->name_row), complaint, self->complaint_label);
  gtk_stack_set_visible_child_name (self->stack, nobody ? "nobody" : "people");
  gtk_widget_set_sensitive (GTK_WIDGET (self->create_button),
                            is_named && !self->is_busy && (self->group == NULL || chosen->len > 0));
  update_hint (self, chosen);
}

static void
stopped_cb (KithGroupPeopleDialog *self)
{
  gtk_window_close (GTK_WINDOW (self));
}

/* --- Doing it ------------------------------------------------------------------------------- */

static void
finish (KithGroupPeopleDialog *self, KithGroup *group, GPtrArray *absent, const GError *error)
{
  g_autofree char *words = NULL;

  self->is_busy = FALSE;
  if (self->node == NULL)
    return;

  if (error != NULL)
    {
      words = kith_explain_error (error);
      kith_announce_label (self->error_label, words);
      update (self);
      return;
    }

  words = kith_group_words_dup_absent (absent);
  g_signal_emit (self, signals[SIGNAL_DONE], 0, group, words != NULL ? words : _("Invitations sent"));
  gtk_window_destroy (GTK_WINDOW (self));
}

static void
created_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) absent = NULL;
  g_autoptr (KithGroup) group
      = kith_node_create_group_finish (KITH_NODE (source), result, &absent, &error);
  g_autoptr (KithGroupPeopleDialog) self = kith_typed_end (user_data, group != NULL);

  finish (self, group, absent, error);
}

static void
invited_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithGroupPeopleDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) absent = NULL;

  kith_node_invite_to_group_finish (KITH_NODE (source), result, &absent, &error);
  finish (self, self->group, absent, error);
}

static void
create_cb (KithGroupPeopleDialog *self)
{
  g_autoptr (GPtrArray) chosen = kith_people_chooser_dup_chosen (self->chooser);
  g_autofree KithContact **contacts = g_new0 (KithContact *, chosen->len + 1);

  if (!gtk_widget_get_sensitive (GTK_WIDGET (self->create_button)))
    {
      kith_entry_state_say (GTK_WIDGET (self));
      return;
    }

  for (guint i = 0; i < chosen->len; i++)
    contacts[i] = g_ptr_array_index (chosen, i);
  self->is_busy = TRUE;
  gtk_widget_set_visible (GTK_WIDGET (self->error_label), FALSE);
  update (self);

  if (self->group != NULL)
    kith_node_invite_to_group_async (self->node, self->group, (KithContact *const *) contacts, NULL,
                                     invited_cb, g_object_ref (self));
  else
    kith_node_create_group_async (self->node, gtk_editable_get_text (self->name_row),
                                  (KithContact *const *) contacts, NULL, created_cb,
                                  kith_typed_begin (GTK_WIDGET (self->name_row)));
}

/* --- Object --------------------------------------------------------------------------------- */

static void
kith_group_people_dialog_dispose (GObject *object)
{
  KithGroupPeopleDialog *self = KITH_GROUP_PEOPLE_DIALOG (object);

  if (self->chooser != NULL)
    kith_people_chooser_clear (self->chooser);
  g_clear_object (&self->group);
  g_clear_object (&self->node);
  gtk_widget_dispose_template (GTK_WIDGET (self), KITH_TYPE_GROUP_PEOPLE_DIALOG);

  G_OBJECT_CLASS (kith_group_people_dialog_parent_class)->dispose (object);
}

static void
kith_group_people_dialog_class_init (KithGroupPeopleDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kith_group_people_dialog_dispose;

  signals[SIGNAL_DONE] = g_signal_new ("done", KITH_TYPE_GROUP_PEOPLE_DIALOG, G_SIGNAL_RUN_LAST, 0,
                                       NULL, NULL, NULL, G_TYPE_NONE, 2, KITH_TYPE_GROUP,
                                       G_TYPE_STRING);

  g_type_ensure (KITH_TYPE_PEOPLE_CHOOSER);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/chat/kith/Kith/dialogs/kith-group-people-dialog.ui");
  kith_keys_bind_close (widget_class);
  gtk_widget_class_bind_template_child (widget_class, KithGroupPeopleDialog, name_box);
  gtk_widget_class_bind_template_child (widget_class, KithGroupPeopleDialog, name_row);
  gtk_widget_class_bind_template_child (widget_class, KithGroupPeopleDialog, complaint_label);
  gtk_widget_class_bind_template_child (widget_class, KithGroupPeopleDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, KithGroupPeopleDialog, chooser);
  gtk_widget_class_bind_template_child (widget_class, KithGroupPeopleDialog, hint_label);
  gtk_widget_class_bind_template_child (widget_class, KithGroupPeopleDialog, error_label);
  gtk_widget_class_bind_template_child (widget_class, KithGroupPeopleDialog, create_button);
  gtk_widget_class_bind_template_callback (widget_class, update);
  gtk_widget_class_bind_template_callback (widget_class, stopped_cb);
  gtk_widget_class_bind_template_callback (widget_class, create_cb);
}

static void
kith_group_people_dialog_init (KithGroupPeopleDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * kith_group_people_dialog_new:
 * @parent: the window it belongs to
 * @node: whose contacts
 * @group: (nullable): where to invite them; %NULL makes a new group of them
 * @name: (nullable): what to call a new one at first
 *
 * Returns: (transfer none): a dialog, to be presented
 */
GtkWidget *
kith_group_people_dialog_new (GtkWindow *parent, KithNode *node, KithGroup *group, const char *name)
{
  KithGroupPeopleDialog *self
      = g_object_new (KITH_TYPE_GROUP_PEOPLE_DIALOG, "transient-for", parent, NULL);

  self->node = g_object_ref (node);
  g_set_object (&self->group, group);
  if (group != NULL)
    {
      gtk_window_set_title (GTK_WINDOW (self), _("Invite People"));
      /* Translators: a button: people to a group */
      gtk_button_set_label (self->create_button, _("Invite"));
      gtk_widget_set_visible (self->name_box, FALSE);
    }
  kith_people_chooser_set_node (self->chooser, node, is_outside_cb, self);
  gtk_window_set_focus (GTK_WINDOW (self), NULL);
  /* What is not shown would swallow all keys, Escape too. */
  if (group == NULL)
    {
      kith_typed_watch (GTK_WIDGET (self->name_row), node, "new-group-name");
      if (name != NULL)
        gtk_editable_set_text (self->name_row, name);
      else
        kith_typed_put_back (GTK_WIDGET (self->name_row));
      gtk_widget_grab_focus (GTK_WIDGET (self->name_row));
    }
  else if (g_str_equal (gtk_stack_get_visible_child_name (self->stack), "people"))
    gtk_widget_grab_focus (GTK_WIDGET (self->chooser));

  return GTK_WIDGET (self);
}
