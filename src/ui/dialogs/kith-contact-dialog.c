/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/dialogs/kith-contact-dialog.h"

#include <string.h>

#include <glib/gi18n.h>

#include "base/kith-limits.h"
#include "node/kith-explain.h"
#include "node/kith-node-network.h"
#include "ui/kith-avatar.h"
#include "ui/kith-entry-state.h"
#include "ui/kith-format.h"
#include "ui/kith-keys.h"
#include "ui/kith-sentence.h"
#include "ui/kith-state.h"
#include "ui/kith-toast.h"
#include "ui/kith-typed.h"

#define TYPED_ALIAS "alias"
#define TYPED_NOTE "note"

struct _KithContactDialog
{
  AdwWindow parent_instance;

  AdwToastOverlay *toast_overlay;
  KithAvatar *avatar;
  GtkLabel *title_label;
  GtkLabel *presence_label;
  AdwEntryRow *alias_row;
  AdwActionRow *name_row;
  AdwActionRow *address_row;
  GtkWidget *nearby_row;
  AdwActionRow *doctor_row;
  AdwActionRow *id_row;
  GtkLabel *taken_label;
  AdwActionRow *verify_row;
  GtkWidget *verified_image;
  GtkSwitch *favourite_switch;
  GtkTextView *note_view;
  GtkWidget *note_button;
  GtkLabel *note_label;
  AdwActionRow *block_row;
  GtkButton *remove_button;

  KithNode *node;       /* (owned) */
  KithContact *contact; /* (owned) */
  gboolean updating;    /* the switch is being set by us */
};

enum
{
  SIGNAL_ASKED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (KithContactDialog, kith_contact_dialog, ADW_TYPE_WINDOW)

static void
set_optional (AdwActionRow *row, const char *text)
{
  adw_action_row_set_subtitle (row, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (row), text != NULL && *text != '\0');
}

static void
show_nearby (KithContactDialog *self)
{
  GListModel *people = kith_node_get_nearby (self->node);
  gboolean found = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (people) && !found; i++)
    {
      g_autoptr (KithNearby) nearby = g_list_model_get_item (people, i);

      found = kith_nearby_get_contact (nearby) == self->contact;
    }

  gtk_widget_set_visible (self->nearby_row, found);
}

/* There is something to find out about those who should be there and are not. */
static void
show_doctor (KithContactDialog *self)
{
  KithRelation relation = kith_contact_get_relation (self->contact);
  /* Translators: somebody's name */
  g_autofree char *title = kith_sentence_make (_("Why Can’t I Reach %s?"),
                                               kith_contact_get_display_name (self->contact));

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->doctor_row), title);
  gtk_widget_set_visible (GTK_WIDGET (self->doctor_row),
                          kith_contact_get_presence (self->contact) != KITH_PRESENCE_ONLINE
                              && (relation == KITH_RELATION_MUTUAL
                                  || relation == KITH_RELATION_REQUESTED));
}

static void
show_verified (KithContactDialog *self)
{
  const char *name = kith_contact_get_display_name (self->contact);
  g_autofree char *verified = kith_state_dup_verified (self->contact);
  g_autofree char *warning = kith_explain_name_taken (name);

  adw_action_row_set_subtitle (self->verify_row, verified);
  gtk_widget_set_visible (self->verified_image,
                          kith_contact_get_verified (self->contact) != KITH_VERIFIED_NOT);
  gtk_label_set_text (self->taken_label, warning);
  gtk_widget_set_visible (GTK_WIDGET (self->taken_label),
                          kith_contact_get_name_taken (self->contact));
}

static void
update (KithContactDialog *self)
{
  g_autofree char *presence = kith_state_dup_presence (self->contact);
  gboolean favourite = kith_contact_get_favourite (self->contact);
  gboolean blocked = kith_contact_get_blocked (self->contact);

  gtk_label_set_text (self->title_label, kith_contact_get_display_name (self->contact));
  gtk_label_set_text (self->presence_label, presence);
  set_optional (self->name_row, kith_contact_get_name (self->contact));
  set_optional (self->address_row, kith_contact_get_address (self->contact));
  show_nearby (self);
  show_doctor (self);
  show_verified (self);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->block_row),
                                 blocked ? _("Unblock")
                                         /* Translators: a button: a person */
                                         : _("Block…"));
  adw_action_row_set_subtitle (self->block_row,
                               blocked ? _("Their messages reach you again, and they see when you "
                                           "are online")
                                       : _("Nothing of what they write reaches you, and they see "
                                           "you as offline"));
  gtk_button_set_label (self->remove_button,
                        kith_contact_get_relation (self->contact) == KITH_RELATION_REMOVED
                            ? _("Delete the Messages…")
                            : _("Remove Contact…"));

  self->updating = TRUE;
  gtk_switch_set_active (self->favourite_switch, favourite);
  gtk_switch_set_state (self->favourite_switch, favourite);
  self->updating = FALSE;
}

static void
alias_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  gboolean is_set = kith_node_set_alias_finish (KITH_NODE (source), result, &error);
  g_autoptr (KithContactDialog) self = kith_typed_end (user_data, is_set);

  if (!is_set && self->contact != NULL)
    kith_toast_show_error (self->toast_overlay, error);
}

static void
alias_applied_cb (KithContactDialog *self)
{
  kith_node_set_alias_async (self->node, self->contact,
                             gtk_editable_get_text (GTK_EDITABLE (self->alias_row)), NULL, alias_cb,
                             kith_typed_begin (GTK_WIDGET (self->alias_row)));
}

/* --- Favourite and note --------------------------------------------------------------------- */

static void
favourite_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithContactDialog) self = user_data;
  g_autoptr (GError) error = NULL;

  if (kith_node_set_favourite_finish (KITH_NODE (source), result, &error) || self->contact == NULL)
    return;

  kith_toast_show_error (self->toast_overlay, error);
  update (self);
}

static gboolean
favourite_set_cb (GtkSwitch *widget, gboolean state, KithContactDialog *self)
{
  if (self->updating)
    return FALSE;

  kith_node_set_favourite_async (self->node, self->contact, state, NULL, favourite_cb,
                                 g_object_ref (self));

  return TRUE;
}

static char *
dup_note (KithContactDialog *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->note_view);
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);

  return gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
}

/* How many bytes of it cannot be kept. */
static gsize
get_note_excess (KithContactDialog *self)
{
  g_autofree char *note = g_strstrip (dup_note (self));
  gsize len_bytes = strlen (note);

  return len_bytes > KITH_LIMIT_NOTE_BYTES ? len_bytes - KITH_LIMIT_NOTE_BYTES : 0;
}

static gboolean
has_new_note (KithContactDialog *self)
{
  g_autofree char *note = dup_note (self);
  const char *kept = kith_contact_get_note (self->contact);

  return g_strcmp0 (note, kept != NULL ? kept : "") != 0 && get_note_excess (self) == 0;
}

static void
note_changed_cb (KithContactDialog *self)
{
  gsize excess = get_note_excess (self);
  g_autofree char *most = g_format_size_full (KITH_LIMIT_NOTE_BYTES, G_FORMAT_SIZE_IEC_UNITS);
  g_autofree char *over = g_format_size_full (excess, G_FORMAT_SIZE_IEC_UNITS);
  g_autofree char *words = g_strdup_printf (
      /* Translators: two sizes, "1.0 KiB" and "20 bytes" */
      _("A note holds %s at most. This one is %s too long."), most, over);

  gtk_widget_set_sensitive (self->note_button, has_new_note (self));
  kith_entry_state_show (GTK_WIDGET (self->note_view), excess > 0 ? words : NULL, self->note_label);
}

/* Who has closed the dialog meanwhile is told in the main window, and only of what went wrong. */
static void
say_elsewhere (KithContactDialog *self, const GError *error)
{
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (self));

  if (error != NULL && parent != NULL)
    kith_toast_say_error (GTK_WIDGET (parent), error);
}

static void
note_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  gboolean is_set = kith_node_set_note_finish (KITH_NODE (source), result, &error);
  g_autoptr (KithContactDialog) self = kith_typed_end (user_data, is_set);

  if (self->contact == NULL || !gtk_widget_get_visible (GTK_WIDGET (self)))
    {
      say_elsewhere (self, error);
      return;
    }

  if (error != NULL)
    kith_toast_show_error (self->toast_overlay, error);
  else
    kith_toast_show (self->toast_overlay, _("Note saved"));
  note_changed_cb (self);
}

static void
note_clicked_cb (KithContactDialog *self)
{
  g_autofree char *note = dup_note (self);

  kith_node_set_note_async (self->node, self->contact, note, NULL, note_cb,
                            kith_typed_begin (GTK_WIDGET (self->note_view)));
}

/* What cannot be kept would be lost with the dialog. */
static gboolean
may_close (KithContactDialog *self)
{
  if (get_note_excess (self) == 0)
    return TRUE;

  gtk_widget_grab_focus (GTK_WIDGET (self->note_view));
  kith_toast_show (self->toast_overlay, _("Shorten the note first: it is too long to be saved"));

  return FALSE;
}

/* Who closes the dialog has written the note to keep it. */
static gboolean
kith_contact_dialog_close_request (GtkWindow *window)
{
  KithContactDialog *self = KITH_CONTACT_DIALOG (window);

  if (!may_close (self))
    return TRUE;

  if (has_new_note (self))
    note_clicked_cb (self);

  return GTK_WINDOW_CLASS (kith_contact_dialog_parent_class)->close_request (window);
}

/* --- What the window does ------------------------------------------------------------------- */

static void
copy_cb (KithContactDialog *self)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)),
                          kith_contact_get_id (self->contact));
  kith_toast_show (self->toast_overlay, _("ID copied"));
}

static void
ask (KithContactDialog *self, const char *action)
{
  if (!may_close (self))
    return;

  g_signal_emit (self, signals[SIGNAL_ASKED], 0, action);
  gtk_window_close (GTK_WINDOW (self));
}

static void
verify_clicked_cb (KithContactDialog *self)
{
  ask (self, "win.verify");
}

static void
doctor_clicked_cb (KithContactDialog *self)
{
  ask (self, "win.diagnose");
}

static void
transcript_clicked_cb (KithContactDialog *self)
{
  ask (self, "win.transcript");
}

static void
clear_clicked_cb (KithContactDialog *self)
{
  ask (self, "win.clear-history");
}

static void
block_clicked_cb (KithContactDialog *self)
{
  ask (self, "win.block-contact");
}

static void
remove_clicked_cb (KithContactDialog *self)
{
  ask (self, "win.remove-contact");
}

static void
kith_contact_dialog_dispose (GObject *object)
{
  KithContactDialog *self = KITH_CONTACT_DIALOG (object);

  g_clear_object (&self->contact);
  g_clear_object (&self->node);
  gtk_widget_dispose_template (GTK_WIDGET (self), KITH_TYPE_CONTACT_DIALOG);

  G_OBJECT_CLASS (kith_contact_dialog_parent_class)->dispose (object);
}

static void
kith_contact_dialog_class_init (KithContactDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kith_contact_dialog_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = kith_contact_dialog_close_request;

  signals[SIGNAL_ASKED] = g_signal_new ("asked", KITH_TYPE_CONTACT_DIALOG, G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  g_type_ensure (KITH_TYPE_AVATAR);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/chat/kith/Kith/dialogs/kith-contact-dialog.ui");
  kith_keys_bind_close (widget_class);
  gtk_widget_class_bind_template_child (widget_class, KithContactDialog, toast_overlay);
  gtk_widget_class_bind_template_child (widget_class, KithContactDialog, avatar);
  gtk_widget_class_bind_template_child (widget_class, KithContactDialog, title_label);
  gtk_widget_class_bind_template_child (widget_class, KithContactDialog, presence_label);
  gtk_widget_class_bind_template_child (widget_class, KithContactDialog, alias_row);
  gtk_widget_class_bind_template_child (widget_class, KithContactDialog, name_row);
  gtk_widget_class_bind_template_child (widget_class, KithContactDialog, address_row);
  gtk_widget_class_bind_template_child (widget_class, KithContactDialog, id_row);
  gtk_widget_class_bind_template_child (widget_class, KithContactDialog, nearby_row);
  gtk_widget_class_bind_template_child (widget_class, KithContactDialog, doctor_row);
  gtk_widget_class_bind_template_child (widget_class, KithContactDialog, taken_label);
  gtk_widget_class_bind_template_child (widget_class, KithContactDialog, verify_row);
  gtk_widget_class_bind_template_child (widget_class, KithContactDialog, verified_image);
  gtk_widget_class_bind_template_child (widget_class, KithContactDialog, favourite_switch);
  gtk_widget_class_bind_template_child (widget_class, KithContactDialog, note_view);
  gtk_widget_class_bind_template_child (widget_class, KithContactDialog, note_button);
  gtk_widget_class_bind_template_child (widget_class, KithContactDialog, note_label);
  gtk_widget_class_bind_template_child (widget_class, KithContactDialog, block_row);
  gtk_widget_class_bind_template_child (widget_class, KithContactDialog, remove_button);
  gtk_widget_class_bind_template_callback (widget_class, favourite_set_cb);
  gtk_widget_class_bind_template_callback (widget_class, note_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, doctor_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, verify_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, transcript_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, clear_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, block_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, alias_applied_cb);
  gtk_widget_class_bind_template_callback (widget_class, copy_cb);
  gtk_widget_class_bind_template_callback (widget_class, remove_clicked_cb);
}

static void
kith_contact_dialog_init (KithContactDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* What was typed about somebody, as kith_typed_watch() calls it. */
static char *
dup_typed_name (KithContact *contact, const char *part)
{
  return g_strconcat (part, "-", kith_contact_get_id (contact), NULL);
}

static void
watch (KithContactDialog *self, GtkWidget *input, const char *part)
{
  g_autofree char *name = dup_typed_name (self->contact, part);

  kith_typed_watch (input, self->node, name);
  kith_typed_put_back (input);
}

/**
 * kith_contact_dialog_new:
 * @parent: the window it belongs to
 * @node: whose contact
 * @contact: the contact
 *
 * Returns: (transfer none): a dialog, to be presented
 */
GtkWidget *
kith_contact_dialog_new (GtkWindow *parent, KithNode *node, KithContact *contact)
{
  KithContactDialog *self = g_object_new (KITH_TYPE_CONTACT_DIALOG, "transient-for", parent, NULL);
  g_autofree char *id = kith_format_id (kith_contact_get_id (contact), 2);
  const char *alias = kith_contact_get_alias (contact);

  self->node = g_object_ref (node);
  self->contact = g_object_ref (contact);

  kith_avatar_set_contact (self->avatar, contact);
  if (kith_contact_get_note (contact) != NULL)
    gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->note_view),
                              kith_contact_get_note (contact), -1);
  g_signal_connect_object (gtk_text_view_get_buffer (self->note_view), "changed",
                           G_CALLBACK (note_changed_cb), self, G_CONNECT_SWAPPED);
  gtk_editable_set_text (GTK_EDITABLE (self->alias_row), alias != NULL ? alias : "");
  adw_action_row_set_subtitle (self->id_row, id);
  g_signal_connect_object (contact, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (kith_node_get_nearby (node), "items-changed", G_CALLBACK (show_nearby),
                           self, G_CONNECT_SWAPPED);
  watch (self, GTK_WIDGET (self->alias_row), TYPED_ALIAS);
  watch (self, GTK_WIDGET (self->note_view), TYPED_NOTE);
  update (self);

  return GTK_WIDGET (self);
}

/**
 * kith_contact_dialog_forget_typed:
 * @node: whose contact it was
 * @contact: one that was removed
 *
 * Forgets what was typed about them and not saved.
 */
void
kith_contact_dialog_forget_typed (KithNode *node, KithContact *contact)
{
  static const char *const parts[] = { TYPED_ALIAS, TYPED_NOTE };

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autofree char *name = dup_typed_name (contact, parts[i]);

      kith_typed_forget (node, name);
    }
}
