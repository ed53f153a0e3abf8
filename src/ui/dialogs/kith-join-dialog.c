/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/dialogs/kith-join-dialog.h"

#include <glib/gi18n.h>

#include "base/kith-error.h"
#include "node/kith-explain.h"
#include "node/kith-node-groups.h"
#include "node/kith-node-network.h"
#include "ui/dialogs/kith-doctor-dialog.h"
#include "ui/kith-announce.h"
#include "ui/kith-entry-state.h"
#include "ui/kith-error-box.h"
#include "ui/kith-format.h"
#include "ui/kith-keys.h"
#include "ui/kith-request-input.h"
#include "ui/kith-scan-row.h"
#include "ui/kith-sentence.h"
#include "ui/kith-typed.h"

struct _KithJoinDialog
{
  AdwWindow parent_instance;

  GtkStack *stack;
  GtkButton *cancel_button;
  GtkStack *button_stack;
  GtkWidget *next_button;
  GtkWidget *join_button;
  GtkStack *join_stack;
  GtkSpinner *spinner;
  GtkEditable *link_row;
  KithScanRow *scan_row;
  GtkWidget *nearby_row;
  GtkLabel *complaint_label;
  GtkLabel *whose_label;
  AdwActionRow *known_row;
  AdwActionRow *id_row;
  AdwActionRow *expires_row;
  GtkEditable *text_row;
  KithErrorBox *error_box;
  AdwStatusPage *waiting_page;

  KithNode *node;            /* (owned) */
  char *link;                /* (owned) (nullable) what is being confirmed */
  GCancellable *cancellable; /* (owned) (nullable) set while it is being joined */
};

enum
{
  SIGNAL_JOINED,
  SIGNAL_GROUP_JOINED,
  SIGNAL_ASKED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (KithJoinDialog, kith_join_dialog, ADW_TYPE_WINDOW)

static const char *
get_page (KithJoinDialog *self)
{
  return gtk_stack_get_visible_child_name (self->stack);
}

/* --- The link ------------------------------------------------------------------------------- */

static void
complain (KithJoinDialog *self, const char *words)
{
  gtk_label_set_text (self->complaint_label, words != NULL ? words : "");
  gtk_widget_set_visible (GTK_WIDGET (self->complaint_label), words != NULL);
}

/* Of a picture, which no entry complains about. */
static void
complain_aloud (KithJoinDialog *self, const char *words)
{
  complain (self, words);
  kith_announce (GTK_WIDGET (self), words);
}

static const char *
complaint_for (KithLinkKind kind)
{
  switch (kind)
    {
    case KITH_LINK_INVITE:
    case KITH_LINK_GROUP:
    case KITH_LINK_ID:
      return NULL;
    case KITH_LINK_EXPIRED:
      return _("This link has expired. Ask your friend for a new one.");
    case KITH_LINK_OWN:
      return _("This is your own. Give it to your friend instead.");
    case KITH_LINK_NONE:
      return _("This is neither a link of Kith nor an ID. A link begins with “KITH:I/”; check that "
               "it was copied to its end.");
    }

  g_return_val_if_reached (NULL);
}

static void
link_changed_cb (KithJoinDialog *self)
{
  const char *text = gtk_editable_get_text (self->link_row);
  KithLinkKind kind = kith_node_inspect_link (self->node, text, NULL, NULL);
  const char *complaint = *text != '\0' ? complaint_for (kind) : NULL;

  complain (self, complaint);
  kith_entry_state_complain (GTK_WIDGET (self->link_row), complaint, GTK_WIDGET (self->complaint_label));
  gtk_widget_set_sensitive (self->next_button,
                            kind == KITH_LINK_INVITE || kind == KITH_LINK_GROUP
                                || kind == KITH_LINK_ID);
}

/* --- Pages ---------------------------------------------------------------------------------- */

static void
show_start (KithJoinDialog *self)
{
  g_clear_pointer (&self->link, g_free);
  gtk_stack_set_visible_child_name (self->stack, "start");
  gtk_stack_set_visible_child_name (self->button_stack, "next");
  gtk_widget_set_visible (GTK_WIDGET (self->button_stack), TRUE);
  gtk_button_set_label (self->cancel_button, _("Cancel"));
  gtk_window_set_default_widget (GTK_WINDOW (self), self->next_button);
  gtk_widget_grab_focus (GTK_WIDGET (self->link_row));
}

static void
show_expiry (KithJoinDialog *self, KithLinkKind kind, gint64 expires_ms)
{
  g_autofree char *until = kith_format_until (expires_ms, kith_format_now_ms ());

  gtk_widget_set_visible (GTK_WIDGET (self->expires_row),
                          kind == KITH_LINK_INVITE || kind == KITH_LINK_GROUP);
  adw_action_row_set_subtitle (self->expires_row, until);
}

static const char *
words_for (KithLinkKind kind)
{
  if (kind == KITH_LINK_INVITE)
    return _("Somebody invites you with this link. Kith asks them to accept you: they see your name, and "
             "what you write here.");
  if (kind == KITH_LINK_GROUP)
    return _("This link leads to a group. Kith asks its admin to let you in: the members see your name, "
             "and what you write here.");

  return _("An ID says who somebody is, but not where. Kith finds them on the same network, or when they "
           "come to you, and asks them then: they see your name, and what you write here.");
}

static void
show_whose (KithJoinDialog *self, KithLinkKind kind, const char *id)
{
  KithContact *known = kith_node_find_contact (self->node, id, NULL);
  g_autofree char *groups = kith_format_id (id, 2);

  gtk_label_set_text (self->whose_label, words_for (kind));
  adw_action_row_set_subtitle (self->id_row, groups);
  gtk_widget_set_visible (GTK_WIDGET (self->known_row), known != NULL);
  if (known != NULL)
    adw_action_row_set_subtitle (self->known_row, kith_contact_get_display_name (known));
}

static void
show_confirm (KithJoinDialog *self, const char *link)
{
  g_autofree char *id = NULL;
  gint64 expires_ms = 0;
  KithLinkKind kind = kith_node_inspect_link (self->node, link, &id, &expires_ms);

  if (complaint_for (kind) != NULL || id == NULL)
    return;

  g_free (self->link);
  self->link = g_strdup (link);
  show_whose (self, kind, id);
  show_expiry (self, kind, expires_ms);
  kith_error_box_hide (self->error_box);
  gtk_stack_set_visible_child_name (self->stack, "confirm");
  gtk_stack_set_visible_child_name (self->button_stack, "join");
  gtk_button_set_label (self->cancel_button, _("Back"));
  gtk_window_set_default_widget (GTK_WINDOW (self), self->join_button);
  gtk_widget_grab_focus (GTK_WIDGET (self->text_row));
}

static void
next_cb (KithJoinDialog *self)
{
  show_confirm (self, gtk_editable_get_text (self->link_row));
  if (g_str_equal (get_page (self), "start"))
    kith_entry_state_say (GTK_WIDGET (self));
}

static void
show_waiting (KithJoinDialog *self, KithContact *contact)
{
  gboolean is_invite
      = kith_node_inspect_link (self->node, self->link, NULL, NULL) == KITH_LINK_INVITE;
  /* Translators: somebody's name */
  g_autofree char *words = kith_sentence_make (
      /* Translators: the name of a person */
      is_invite ? _("%s cannot be reached just now. Kith keeps trying by itself until the invite "
                    "expires, also after a restart. You need not do anything.")
                /* Translators: the name of a person */
                : _("%s cannot be reached just now. Kith asks them as soon as it meets them, also "
                    "after a restart. You need not do anything."),
      kith_contact_get_display_name (contact));
  g_autofree char *escaped = g_markup_escape_text (words, -1);

  kith_typed_done (GTK_WIDGET (self->link_row));
  kith_typed_done (GTK_WIDGET (self->text_row));
  adw_status_page_set_description (self->waiting_page, escaped);
  gtk_stack_set_visible_child_name (self->stack, "waiting");
  gtk_widget_set_visible (GTK_WIDGET (self->button_stack), FALSE);
  /* Translators: a button: a window */
  gtk_button_set_label (self->cancel_button, _("Close"));
  gtk_widget_grab_focus (GTK_WIDGET (self->cancel_button));
}

/* --- A picture ------------------------------------------------------------------------------ */

/* There may be other codes in the picture. */
static void
found_cb (KithJoinDialog *self, char **texts)
{
  guint chosen = 0;

  if (!g_str_equal (get_page (self), "start"))
    return;

  for (guint i = 0; texts[i] != NULL; i++)
    if (kith_node_inspect_link (self->node, texts[i], NULL, NULL) != KITH_LINK_NONE)
      {
        chosen = i;
        break;
      }

  if (kith_node_inspect_link (self->node, texts[chosen], NULL, NULL) == KITH_LINK_NONE)
    {
      complain_aloud (self, _("The QR code in this picture is not one of Kith."));
      return;
    }

  gtk_editable_set_text (self->link_row, texts[chosen]);
  show_confirm (self, texts[chosen]);
}

/* The text goes to the entry by itself. A picture would go nowhere. */
static gboolean
key_pressed_cb (GtkEventControllerKey *controller, guint keyval, guint keycode,
                GdkModifierType modifiers, KithJoinDialog *self)
{
  if (!kith_keys_is_paste (controller) || !g_str_equal (get_page (self), "start"))
    return GDK_EVENT_PROPAGATE;

  return kith_scan_row_paste (self->scan_row, gtk_widget_get_clipboard (GTK_WIDGET (self)));
}

/* --- Joining -------------------------------------------------------------------------------- */

static void
text_changed_cb (KithJoinDialog *self)
{
  const char *complaint = kith_request_input_check (gtk_editable_get_text (self->text_row));

  gtk_widget_set_sensitive (self->join_button, complaint == NULL && self->cancellable == NULL);
  kith_error_box_show (self->error_box, complaint, FALSE);
  kith_entry_state_complain (GTK_WIDGET (self->text_row), complaint, GTK_WIDGET (self->error_box));
}

static void
set_busy (KithJoinDialog *self, gboolean busy)
{
  g_clear_object (&self->cancellable);
  if (busy)
    self->cancellable = g_cancellable_new ();

  /* Not insensitive: the cursor stays where it is. */
  gtk_editable_set_editable (self->text_row, !busy);
  gtk_button_set_label (self->cancel_button, busy ? _("Cancel") : _("Back"));
  gtk_stack_set_visible_child_name (self->join_stack, busy ? "spinner" : "label");
  gtk_spinner_set_spinning (self->spinner, busy);
  text_changed_cb (self);
}

/* Of a link that does not work any more nobody says why: that would tell strangers too much. */
static char *
dup_error_words (const GError *error)
{
  if (g_error_matches (error, KITH_ERROR, KITH_ERROR_NOT_CONTACT))
    return g_strdup (_("This link was used already or taken back, or they have declined. Ask your "
                       "friend for a new one."));

  return kith_explain_error (error);
}

static void
say_error (KithJoinDialog *self, const GError *error)
{
  g_autofree char *words = NULL;

  if (g_error_matches (error, KITH_ERROR, KITH_ERROR_CANCELLED)
      || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  words = dup_error_words (error);
  kith_error_box_show (self->error_box, words, kith_explain_is_network (error));
}

static void
join_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithJoinDialog) self = user_data;
  g_autoptr (KithContact) contact = NULL;
  g_autoptr (GError) error = NULL;
  KithJoinOutcome outcome;
  gboolean done = kith_node_join_finish (KITH_NODE (source), result, &outcome, &contact, &error);

  /* Closed meanwhile. */
  if (self->cancellable == NULL)
    return;

  set_busy (self, FALSE);
  if (done)
    {
      g_signal_emit (self, signals[SIGNAL_JOINED], 0, contact, outcome);
      if (outcome == KITH_JOIN_WAITING)
        show_waiting (self, contact);
      else
        gtk_window_destroy (GTK_WINDOW (self));
      return;
    }

  say_error (self, error);
}

static void
group_joined_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithJoinDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (KithGroup) group = kith_node_join_group_finish (KITH_NODE (source), result, &error);

  /* Closed meanwhile. */
  if (self->cancellable == NULL)
    return;

  set_busy (self, FALSE);
  if (group == NULL)
    {
      say_error (self, error);
      return;
    }

  g_signal_emit (self, signals[SIGNAL_GROUP_JOINED], 0, group);
  gtk_window_destroy (GTK_WINDOW (self));
}

static void
join_clicked_cb (KithJoinDialog *self)
{
  const char *text = gtk_editable_get_text (self->text_row);

  if (!gtk_widget_get_sensitive (self->join_button) || self->link == NULL)
    {
      kith_entry_state_say (GTK_WIDGET (self));
      return;
    }

  set_busy (self, TRUE);
  if (kith_node_inspect_link (self->node, self->link, NULL, NULL) == KITH_LINK_GROUP)
    {
      kith_node_join_group_async (self->node, self->link, *text != '\0' ? text : NULL,
                                  self->cancellable, group_joined_cb, g_object_ref (self));
      return;
    }

  kith_node_join_async (self->node, self->link, *text != '\0' ? text : NULL, self->cancellable,
                        join_cb, g_object_ref (self));
}

static void
find_out_cb (KithJoinDialog *self)
{
  g_autofree char *id = NULL;
  KithContact *contact = NULL;

  if (self->link != NULL)
    kith_node_inspect_link (self->node, self->link, &id, NULL);
  if (id != NULL)
    contact = kith_node_find_contact (self->node, id, NULL);
  gtk_window_present (GTK_WINDOW (kith_doctor_dialog_new (GTK_WINDOW (self), self->node, contact)));
}

/* The first Cancel stops the attempt, the next one goes back, the last one leaves. */
static void
cancel_clicked_cb (KithJoinDialog *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  else if (g_str_equal (get_page (self), "confirm"))
    show_start (self);
  else
    gtk_window_close (GTK_WINDOW (self));
}

static void
ask (KithJoinDialog *self, const char *action)
{
  g_signal_emit (self, signals[SIGNAL_ASKED], 0, action);
  gtk_window_close (GTK_WINDOW (self));
}

static void
nearby_activated_cb (KithJoinDialog *self)
{
  ask (self, "win.nearby");
}

static void
address_activated_cb (KithJoinDialog *self)
{
  ask (self, "win.connect");
}

/* --- Object --------------------------------------------------------------------------------- */

static gboolean
kith_join_dialog_close_request (GtkWindow *window)
{
  KithJoinDialog *self = KITH_JOIN_DIALOG (window);
  g_autoptr (GCancellable) cancellable = g_steal_pointer (&self->cancellable);

  if (cancellable != NULL)
    g_cancellable_cancel (cancellable);

  return GTK_WINDOW_CLASS (kith_join_dialog_parent_class)->close_request (window);
}

static void
kith_join_dialog_dispose (GObject *object)
{
  KithJoinDialog *self = KITH_JOIN_DIALOG (object);

  g_clear_object (&self->cancellable);
  g_clear_object (&self->node);
  kith_typed_let_go (self->text_row);
  gtk_widget_dispose_template (GTK_WIDGET (self), KITH_TYPE_JOIN_DIALOG);

  G_OBJECT_CLASS (kith_join_dialog_parent_class)->dispose (object);
}

static void
kith_join_dialog_finalize (GObject *object)
{
  KithJoinDialog *self = KITH_JOIN_DIALOG (object);

  g_free (self->link);

  G_OBJECT_CLASS (kith_join_dialog_parent_class)->finalize (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, KithJoinDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, KithJoinDialog, cancel_button);
  gtk_widget_class_bind_template_child (widget_class, KithJoinDialog, button_stack);
  gtk_widget_class_bind_template_child (widget_class, KithJoinDialog, next_button);
  gtk_widget_class_bind_template_child (widget_class, KithJoinDialog, join_button);
  gtk_widget_class_bind_template_child (widget_class, KithJoinDialog, join_stack);
  gtk_widget_class_bind_template_child (widget_class, KithJoinDialog, spinner);
  gtk_widget_class_bind_template_child (widget_class, KithJoinDialog, link_row);
  gtk_widget_class_bind_template_child (widget_class, KithJoinDialog, scan_row);
  gtk_widget_class_bind_template_child (widget_class, KithJoinDialog, nearby_row);
  gtk_widget_class_bind_template_child (widget_class, KithJoinDialog, complaint_label);
  gtk_widget_class_bind_template_child (widget_class, KithJoinDialog, whose_label);
  gtk_widget_class_bind_template_child (widget_class, KithJoinDialog, known_row);
  gtk_widget_class_bind_template_child (widget_class, KithJoinDialog, id_row);
  gtk_widget_class_bind_template_child (widget_class, KithJoinDialog, expires_row);
  gtk_widget_class_bind_template_child (widget_class, KithJoinDialog, text_row);
  gtk_widget_class_bind_template_child (widget_class, KithJoinDialog, error_box);
  gtk_widget_class_bind_template_child (widget_class, KithJoinDialog, waiting_page);
}

static void
kith_join_dialog_class_init (KithJoinDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = kith_join_dialog_dispose;
  object_class->finalize = kith_join_dialog_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = kith_join_dialog_close_request;

  signals[SIGNAL_JOINED] = g_signal_new ("joined", KITH_TYPE_JOIN_DIALOG, G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 2, KITH_TYPE_CONTACT,
                                         G_TYPE_UINT);
  signals[SIGNAL_GROUP_JOINED]
      = g_signal_new ("group-joined", KITH_TYPE_JOIN_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                      G_TYPE_NONE, 1, KITH_TYPE_GROUP);
  signals[SIGNAL_ASKED] = g_signal_new ("asked", KITH_TYPE_JOIN_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  g_type_ensure (KITH_TYPE_ERROR_BOX);
  g_type_ensure (KITH_TYPE_SCAN_ROW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/chat/kith/Kith/dialogs/kith-join-dialog.ui");
  kith_keys_bind_close (widget_class);
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, link_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, next_cb);
  gtk_widget_class_bind_template_callback (widget_class, found_cb);
  gtk_widget_class_bind_template_callback (widget_class, complain_aloud);
  gtk_widget_class_bind_template_callback (widget_class, key_pressed_cb);
  gtk_widget_class_bind_template_callback (widget_class, text_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, join_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, cancel_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, find_out_cb);
  gtk_widget_class_bind_template_callback (widget_class, nearby_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, address_activated_cb);
}

static void
kith_join_dialog_init (KithJoinDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  kith_scan_row_accept_drops (self->scan_row, GTK_WIDGET (self));
}

static void
watch (KithJoinDialog *self, GtkEditable *row, const char *name)
{
  kith_typed_watch (GTK_WIDGET (row), self->node, name);
  kith_typed_put_back (GTK_WIDGET (row));
}

/**
 * kith_join_dialog_new:
 * @parent: the window it belongs to
 * @node: who joins
 *
 * Returns: (transfer none): a dialog, to be presented
 */
GtkWidget *
kith_join_dialog_new (GtkWindow *parent, KithNode *node)
{
  KithJoinDialog *self = g_object_new (KITH_TYPE_JOIN_DIALOG, "transient-for", parent, NULL);
  KithLanStatus lan = kith_network_get_lan (kith_node_get_network (node));

  self->node = g_object_ref (node);
  gtk_widget_set_visible (self->nearby_row,
                          lan == KITH_LAN_STATUS_ON || lan == KITH_LAN_STATUS_PRESENTED);
  watch (self, self->link_row, "join-link");
  watch (self, self->text_row, "join-text");
  show_start (self);

  return GTK_WIDGET (self);
}

/* What stands there makes room for another link. It waits, and nothing that comes of that one touches it. */
static void
put_away (KithJoinDialog *self)
{
  gboolean is_empty = *gtk_editable_get_text (self->link_row) == '\0'
                      && *gtk_editable_get_text (self->text_row) == '\0';

  kith_typed_keep_all (GTK_WINDOW (self));
  gtk_editable_set_text (self->text_row, "");
  if (is_empty)
    return;

  kith_typed_unwatch (GTK_WIDGET (self->link_row));
  kith_typed_unwatch (GTK_WIDGET (self->text_row));
}

/**
 * kith_join_dialog_set_link:
 * @self: a dialog
 * @link: a link or an ID, from wherever it came
 *
 * Fills it in, and shows whose it is when it can be used. What was typed for another one waits until the dialog opens
 * without a link.
 */
void
kith_join_dialog_set_link (KithJoinDialog *self, const char *link)
{
  g_return_if_fail (KITH_IS_JOIN_DIALOG (self));

  /* One at a time. */
  if (self->cancellable != NULL)
    return;

  show_start (self);
  if (!g_str_equal (gtk_editable_get_text (self->link_row), link))
    put_away (self);
  gtk_editable_set_text (self->link_row, link);
  show_confirm (self, link);
}
