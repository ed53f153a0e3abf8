/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/dialogs/kith-verify-dialog.h"

#include <glib/gi18n.h>

#include "node/kith-explain.h"
#include "ui/kith-announce.h"
#include "ui/kith-format.h"
#include "ui/kith-keys.h"
#include "ui/kith-qr-code.h"
#include "ui/kith-question.h"
#include "ui/kith-scan-row.h"
#include "ui/kith-state.h"

#define NUMBER_GROUPS_PER_LINE 4

struct _KithVerifyDialog
{
  AdwWindow parent_instance;

  AdwWindowTitle *window_title;
  GtkLabel *state_label;
  GtkWidget *unverify_button;
  GtkLabel *warning_label;
  GtkLabel *words_label;
  GtkLabel *step_label;
  GtkWidget *start_button;
  GtkButton *no_button;
  GtkButton *yes_button;
  GtkPicture *picture;
  KithScanRow *scan_row;
  GtkLabel *number_label;
  GtkButton *number_button;

  KithNode *node;             /* (owned) */
  KithContact *contact;       /* (owned) */
  KithComparison *comparison; /* (owned) (nullable) the last one */
};

G_DEFINE_FINAL_TYPE (KithVerifyDialog, kith_verify_dialog, ADW_TYPE_WINDOW)

static void
warn (KithVerifyDialog *self, const char *words)
{
  kith_announce_label (self->warning_label, words);
}

static void
warn_of (KithVerifyDialog *self, const GError *error)
{
  g_autofree char *words = kith_explain_verify (error);

  warn (self, words);
}

static void
show_verified (KithVerifyDialog *self)
{
  g_autofree char *words = kith_state_dup_verified (self->contact);

  if (!g_str_equal (words, gtk_label_get_text (self->state_label)))
    kith_announce (GTK_WIDGET (self), words);
  gtk_label_set_text (self->state_label, words);
  gtk_widget_set_visible (self->unverify_button,
                          kith_contact_get_verified (self->contact) != KITH_VERIFIED_NOT);
}

/* --- Words ---------------------------------------------------------------------------------- */

/* @words: (nullable): as they are. In a narrow window they stand in two lines. */
static void
set_label (GtkButton *button, const char *words)
{
  GtkWidget *label;

  if (words != NULL)
    gtk_button_set_label (button, words);

  label = gtk_button_get_child (button);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_CENTER);
}

/* @no, @yes: (nullable): what the buttons say; without them there is nothing to answer */
static void
show_buttons (KithVerifyDialog *self, gboolean start, const char *no, const char *yes)
{
  gtk_widget_set_visible (self->start_button, start);
  gtk_widget_set_visible (GTK_WIDGET (self->no_button), no != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->yes_button), yes != NULL);
  if (no != NULL)
    set_label (self->no_button, no);
  if (yes != NULL)
    set_label (self->yes_button, yes);
}

static const char *
step_words (KithComparisonState state)
{
  switch (state)
    {
    case KITH_COMPARISON_WAITING:
      return _("Your friend is asked. Waiting…");
    case KITH_COMPARISON_ASKED:
      return _("Your friend would like to compare words with you now.");
    case KITH_COMPARISON_PREPARING:
      return _("One moment…");
    case KITH_COMPARISON_WORDS:
      return _("Does your friend see exactly these words?");
    case KITH_COMPARISON_CONFIRMED:
      return _("Waiting for your friend to say the same…");
    case KITH_COMPARISON_SAME:
      return _("The words were the same on both sides.");
    case KITH_COMPARISON_DIFFERENT:
      return _("The words were different.");
    case KITH_COMPARISON_ENDED:
      return _("It was not finished: one of you stopped, or time ran out.");
    }

  g_return_val_if_reached ("");
}

/* The step, and what is to be compared in it or known of its end: what is said later cuts it off. */
static void
announce_step (KithVerifyDialog *self, const char *more)
{
  const char *step = gtk_label_get_text (self->step_label);
  g_autofree char *words = more != NULL ? g_strjoin ("\n", step, more, NULL) : g_strdup (step);

  kith_announce (GTK_WIDGET (self), words);
}

static const char *
get_more (KithVerifyDialog *self)
{
  switch (kith_comparison_get_state (self->comparison))
    {
    case KITH_COMPARISON_WORDS:
      return kith_comparison_get_words (self->comparison);
    case KITH_COMPARISON_DIFFERENT:
      return gtk_label_get_text (self->warning_label);
    case KITH_COMPARISON_WAITING:
    case KITH_COMPARISON_ASKED:
    case KITH_COMPARISON_PREPARING:
    case KITH_COMPARISON_CONFIRMED:
    case KITH_COMPARISON_SAME:
    case KITH_COMPARISON_ENDED:
    default:
      return NULL;
    }
}

/* What came before the user was here was said to nobody. */
static void
active_changed_cb (KithVerifyDialog *self)
{
  if (self->comparison != NULL && gtk_window_is_active (GTK_WINDOW (self)))
    announce_step (self, get_more (self));
}

/* The warning is of the comparison before. It stays until the user has agreed to another one: the other
 * side, who may be the one it warns of, cannot take it away by asking. */
static gboolean
is_new_one (KithComparisonState state)
{
  return state != KITH_COMPARISON_DIFFERENT && state != KITH_COMPARISON_ASKED
         && state != KITH_COMPARISON_ENDED;
}

static void
show_comparison (KithVerifyDialog *self)
{
  KithComparisonState state = kith_comparison_get_state (self->comparison);
  const char *words = kith_comparison_get_words (self->comparison);
  gboolean over = kith_comparison_is_over (self->comparison);

  gtk_label_set_text (self->words_label, words != NULL ? words : "");
  gtk_widget_set_visible (GTK_WIDGET (self->words_label), words != NULL && !over);
  gtk_label_set_text (self->step_label, step_words (state));

  if (state == KITH_COMPARISON_ASKED)
    show_buttons (self, FALSE, _("Not Now"), _("Compare Now"));
  else if (state == KITH_COMPARISON_WORDS)
    show_buttons (self, FALSE, _("They Are Different"), _("They Are the Same"));
  else
    /* Translators: a button: do not go on comparing */
    show_buttons (self, over, over ? NULL : _("Stop"), NULL);

  /* As the warning that it leads to. */
  if (state == KITH_COMPARISON_WORDS)
    gtk_widget_add_css_class (GTK_WIDGET (self->no_button), "destructive-action");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->no_button), "destructive-action");

  if (state == KITH_COMPARISON_DIFFERENT)
    {
      /* Said with the step. */
      gtk_label_set_text (self->warning_label,
                          _("Somebody may be between you and your friend, and read along. Write nothing here "
                            "that others must not see. Meet, and compare the QR code or the number."));
      gtk_widget_set_visible (GTK_WIDGET (self->warning_label), TRUE);
    }
  else if (is_new_one (state))
    warn (self, NULL);
  announce_step (self, get_more (self));
}

static void
words_changed_cb (KithVerifyDialog *self, KithComparison *comparison)
{
  if (kith_comparison_get_contact (comparison) != self->contact)
    return;

  g_set_object (&self->comparison, comparison);
  show_comparison (self);
}

static void
start_cb (KithVerifyDialog *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KithComparison) comparison = NULL;

  warn (self, NULL);
  comparison = kith_node_start_words (self->node, self->contact, &error);
  if (comparison == NULL)
    warn_of (self, error);
}

/* An answer to what has ended just now needs no complaint. */
static void
answer (KithVerifyDialog *self, gboolean yes)
{
  kith_node_answer_words (self->node, self->contact, yes, NULL);
}

static void
yes_cb (KithVerifyDialog *self)
{
  answer (self, TRUE);
}

static void
no_cb (KithVerifyDialog *self)
{
  KithComparisonState state = kith_comparison_get_state (self->comparison);

  if (state == KITH_COMPARISON_WORDS || state == KITH_COMPARISON_ASKED)
    answer (self, FALSE);
  else
    kith_node_stop_words (self->node, self->contact);
}

/* --- The code ------------------------------------------------------------------------------- */

static void
code_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithVerifyDialog) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!kith_node_verify_code_finish (KITH_NODE (source), result, &error) && self->contact != NULL)
    warn_of (self, error);
}

/* There may be other codes in the picture. */
static void
found_cb (KithVerifyDialog *self, char **texts)
{
  guint chosen = 0;

  for (guint i = 0; texts[i] != NULL; i++)
    if (kith_node_is_code (texts[i]))
      {
        chosen = i;
        break;
      }

  warn (self, NULL);
  kith_node_verify_code_async (self->node, self->contact, texts[chosen], NULL, code_cb,
                               g_object_ref (self));
}

static gboolean
key_pressed_cb (GtkEventControllerKey *controller, guint keyval, guint keycode,
                GdkModifierType modifiers, KithVerifyDialog *self)
{
  if (!kith_keys_is_paste (controller))
    return GDK_EVENT_PROPAGATE;

  return kith_scan_row_paste (self->scan_row, gtk_widget_get_clipboard (GTK_WIDGET (self)));
}

static void
show_code (KithVerifyDialog *self)
{
  g_autofree char *text = kith_node_dup_own_code (self->node);
  g_autoptr (KithQrCode) code = text != NULL ? kith_qr_code_new (text) : NULL;
  int width = code != NULL ? kith_qr_code_get_width (code) : 0;

  gtk_picture_set_paintable (self->picture, code != NULL ? GDK_PAINTABLE (code) : NULL);
  gtk_widget_set_size_request (GTK_WIDGET (self->picture), width, width);
  gtk_widget_set_visible (GTK_WIDGET (self->picture), code != NULL);
}

/* --- The number ----------------------------------------------------------------------------- */

static void
verified_set_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithVerifyDialog) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!kith_node_set_verified_finish (KITH_NODE (source), result, &error) && self->contact != NULL)
    warn_of (self, error);
}

static void
set_verified (KithVerifyDialog *self, KithVerified verified)
{
  warn (self, NULL);
  kith_node_set_verified_async (self->node, self->contact, verified, NULL, verified_set_cb,
                                g_object_ref (self));
}

static void
number_cb (KithVerifyDialog *self)
{
  set_verified (self, KITH_VERIFIED_NUMBER);
}

/* --- Taking it back ------------------------------------------------------------------------- */

static void
unverify_response_cb (AdwMessageDialog *question, const char *response, KithVerifyDialog *self)
{
  if (g_str_equal (response, "unverify"))
    set_verified (self, KITH_VERIFIED_NOT);
}

static void
unverify_cb (KithVerifyDialog *self)
{
  AdwMessageDialog *question
      = kith_question_new (GTK_WIDGET (self), _("Take Back the Verification?"),
                           _("You would have to compare again to be sure who this is."), "unverify",
                           _("_Take Back"), ADW_RESPONSE_DESTRUCTIVE);

  g_signal_connect_object (question, "response", G_CALLBACK (unverify_response_cb), self, 0);
  gtk_window_present (GTK_WINDOW (question));
}

/* --- Object --------------------------------------------------------------------------------- */

/* Whoever closes it does not compare any more. */
static gboolean
kith_verify_dialog_close_request (GtkWindow *window)
{
  KithVerifyDialog *self = KITH_VERIFY_DIALOG (window);

  if (self->node != NULL)
    kith_node_stop_words (self->node, self->contact);

  return GTK_WINDOW_CLASS (kith_verify_dialog_parent_class)->close_request (window);
}

static void
kith_verify_dialog_dispose (GObject *object)
{
  KithVerifyDialog *self = KITH_VERIFY_DIALOG (object);

  g_clear_object (&self->comparison);
  g_clear_object (&self->contact);
  g_clear_object (&self->node);
  gtk_widget_dispose_template (GTK_WIDGET (self), KITH_TYPE_VERIFY_DIALOG);

  G_OBJECT_CLASS (kith_verify_dialog_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, KithVerifyDialog, window_title);
  gtk_widget_class_bind_template_child (widget_class, KithVerifyDialog, state_label);
  gtk_widget_class_bind_template_child (widget_class, KithVerifyDialog, unverify_button);
  gtk_widget_class_bind_template_child (widget_class, KithVerifyDialog, warning_label);
  gtk_widget_class_bind_template_child (widget_class, KithVerifyDialog, words_label);
  gtk_widget_class_bind_template_child (widget_class, KithVerifyDialog, step_label);
  gtk_widget_class_bind_template_child (widget_class, KithVerifyDialog, start_button);
  gtk_widget_class_bind_template_child (widget_class, KithVerifyDialog, no_button);
  gtk_widget_class_bind_template_child (widget_class, KithVerifyDialog, yes_button);
  gtk_widget_class_bind_template_child (widget_class, KithVerifyDialog, picture);
  gtk_widget_class_bind_template_child (widget_class, KithVerifyDialog, scan_row);
  gtk_widget_class_bind_template_child (widget_class, KithVerifyDialog, number_label);
  gtk_widget_class_bind_template_child (widget_class, KithVerifyDialog, number_button);
}

static void
kith_verify_dialog_class_init (KithVerifyDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kith_verify_dialog_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = kith_verify_dialog_close_request;

  g_type_ensure (KITH_TYPE_SCAN_ROW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/chat/kith/Kith/dialogs/kith-verify-dialog.ui");
  kith_keys_bind_close (widget_class);
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, start_cb);
  gtk_widget_class_bind_template_callback (widget_class, yes_cb);
  gtk_widget_class_bind_template_callback (widget_class, no_cb);
  gtk_widget_class_bind_template_callback (widget_class, found_cb);
  gtk_widget_class_bind_template_callback (widget_class, warn);
  gtk_widget_class_bind_template_callback (widget_class, number_cb);
  gtk_widget_class_bind_template_callback (widget_class, unverify_cb);
  gtk_widget_class_bind_template_callback (widget_class, key_pressed_cb);
}

static void
kith_verify_dialog_init (KithVerifyDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  set_label (GTK_BUTTON (self->start_button), NULL);
  set_label (self->number_button, NULL);
  kith_scan_row_accept_drops (self->scan_row, GTK_WIDGET (self));
  g_signal_connect (self, "notify::is-active", G_CALLBACK (active_changed_cb), NULL);
}

/**
 * kith_verify_dialog_new:
 * @parent: the window it belongs to
 * @node: who verifies
 * @contact: whom
 *
 * Returns: (transfer none): a dialog, to be presented
 */
GtkWidget *
kith_verify_dialog_new (GtkWindow *parent, KithNode *node, KithContact *contact)
{
  KithVerifyDialog *self = g_object_new (KITH_TYPE_VERIFY_DIALOG, "transient-for", parent, NULL);
  g_autofree char *number = kith_node_dup_safety_number (node, contact);
  g_autofree char *lines = kith_format_groups (number != NULL ? number : "", NUMBER_GROUPS_PER_LINE);
  KithComparison *present = kith_node_get_words (node, contact);

  self->node = g_object_ref (node);
  self->contact = g_object_ref (contact);
  adw_window_title_set_subtitle (self->window_title, kith_contact_get_display_name (contact));
  gtk_label_set_text (self->number_label, lines);
  show_code (self);
  show_verified (self);
  show_buttons (self, TRUE, NULL, NULL);
  if (present != NULL)
    words_changed_cb (self, present);
  g_signal_connect_object (contact, "notify::verified", G_CALLBACK (show_verified), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (node, "words-changed", G_CALLBACK (words_changed_cb), self,
                           G_CONNECT_SWAPPED);

  return GTK_WIDGET (self);
}
