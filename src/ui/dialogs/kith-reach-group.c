/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/dialogs/kith-reach-group.h"

#include <glib/gi18n.h>

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "node/kith-explain.h"
#include "node/kith-node-reach.h"
#include "ui/kith-entry-state.h"

struct _KithReachGroup
{
  AdwPreferencesGroup parent_instance;

  GtkCheckButton *everyone_button;
  GtkCheckButton *passphrase_button;
  GtkCheckButton *contacts_button;
  GtkEditable *passphrase_row;
  GtkLabel *complaint_label;
  GtkLabel *note_label;

  KithNode *node;    /* (owned) (nullable) */
  gboolean updating; /* the rows are being set by us */
};

enum
{
  SIGNAL_SAID,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (KithReachGroup, kith_reach_group, ADW_TYPE_PREFERENCES_GROUP)

/* --- What is in force ----------------------------------------------------------------------- */

static GtkCheckButton *
get_button (KithReachGroup *self, KithReach reach)
{
  switch (reach)
    {
    case KITH_REACH_PASSPHRASE:
      return self->passphrase_button;
    case KITH_REACH_CONTACTS:
      return self->contacts_button;
    case KITH_REACH_EVERYONE:
      break;
    }

  return self->everyone_button;
}

static void
show_words (GtkLabel *label, const char *words)
{
  gtk_label_set_text (label, words != NULL ? words : "");
  gtk_widget_set_visible (GTK_WIDGET (label), words != NULL);
}

static void
show_complaint (KithReachGroup *self, const char *complaint)
{
  show_words (self->complaint_label, complaint);
  kith_entry_state_complain (GTK_WIDGET (self->passphrase_row), complaint, GTK_WIDGET (self->complaint_label));
}

static void
update (KithReachGroup *self)
{
  const char *passphrase = kith_node_get_join_passphrase (self->node);
  g_autofree char *note = kith_node_dup_reach_note (self->node);
  KithReach reach = kith_node_get_reach (self->node);

  self->updating = TRUE;
  gtk_check_button_set_active (get_button (self, reach), TRUE);
  gtk_editable_set_text (self->passphrase_row, passphrase != NULL ? passphrase : "");
  gtk_widget_set_visible (GTK_WIDGET (self->passphrase_row), reach == KITH_REACH_PASSPHRASE);
  self->updating = FALSE;

  show_complaint (self, NULL);
  show_words (self->note_label, note);
}

/* --- What the user wants -------------------------------------------------------------------- */

static void
say (KithReachGroup *self, const char *words)
{
  g_signal_emit (self, signals[SIGNAL_SAID], 0, words);
}

static KithReach
get_choice (KithReachGroup *self)
{
  if (gtk_check_button_get_active (self->passphrase_button))
    return KITH_REACH_PASSPHRASE;

  return gtk_check_button_get_active (self->contacts_button) ? KITH_REACH_CONTACTS
                                                             : KITH_REACH_EVERYONE;
}

/* The button that goes off tells as well as the one that goes on. */
static void
chosen_cb (KithReachGroup *self, GParamSpec *pspec, GtkCheckButton *button)
{
  g_autoptr (GError) error = NULL;

  if (self->node == NULL || self->updating || !gtk_check_button_get_active (button))
    return;

  if (!kith_node_set_reach (self->node, get_choice (self), &error))
    {
      g_autofree char *words = kith_explain_error (error);

      say (self, words);
    }

  update (self);
}

static void
passphrase_edited_cb (KithReachGroup *self)
{
  show_complaint (self, NULL);
}

static void
set_passphrase (KithReachGroup *self, const char *text, const char *done)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *words = NULL;

  if (kith_node_set_join_passphrase (self->node, text, &error))
    {
      update (self);
      say (self, done);
      return;
    }

  if (g_error_matches (error, KITH_ERROR, KITH_ERROR_INVALID))
    /* Translators: how many characters are asked for */
    words = g_strdup_printf (ngettext ("A passphrase has at least %d character.",
                                       "A passphrase has at least %d characters.",
                                       KITH_LIMIT_JOIN_PASSPHRASE_CHARS),
                             KITH_LIMIT_JOIN_PASSPHRASE_CHARS);
  else if (g_error_matches (error, KITH_ERROR, KITH_ERROR_TOO_BIG))
    words = g_strdup (_("That is too long for a passphrase."));
  else
    words = kith_explain_error (error);
  show_complaint (self, words);
  kith_entry_state_say (GTK_WIDGET (self));
}

static void
passphrase_applied_cb (KithReachGroup *self)
{
  set_passphrase (self, gtk_editable_get_text (self->passphrase_row), _("Passphrase changed"));
}

static void
renew_cb (KithReachGroup *self)
{
  set_passphrase (self, NULL, _("New passphrase: tell your friends"));
}

/* What is in force, and not what is being typed. */
static void
copy_cb (KithReachGroup *self)
{
  const char *passphrase = kith_node_get_join_passphrase (self->node);

  if (passphrase == NULL)
    return;

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), passphrase);
  say (self, _("Passphrase copied"));
}

/* --- Object --------------------------------------------------------------------------------- */

static void
kith_reach_group_dispose (GObject *object)
{
  KithReachGroup *self = KITH_REACH_GROUP (object);

  g_clear_object (&self->node);
  gtk_widget_dispose_template (GTK_WIDGET (self), KITH_TYPE_REACH_GROUP);

  G_OBJECT_CLASS (kith_reach_group_parent_class)->dispose (object);
}

static void
kith_reach_group_class_init (KithReachGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kith_reach_group_dispose;

  signals[SIGNAL_SAID] = g_signal_new ("said", KITH_TYPE_REACH_GROUP, G_SIGNAL_RUN_LAST, 0, NULL,
                                       NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/chat/kith/Kith/dialogs/kith-reach-group.ui");
  gtk_widget_class_bind_template_child (widget_class, KithReachGroup, everyone_button);
  gtk_widget_class_bind_template_child (widget_class, KithReachGroup, passphrase_button);
  gtk_widget_class_bind_template_child (widget_class, KithReachGroup, contacts_button);
  gtk_widget_class_bind_template_child (widget_class, KithReachGroup, passphrase_row);
  gtk_widget_class_bind_template_child (widget_class, KithReachGroup, complaint_label);
  gtk_widget_class_bind_template_child (widget_class, KithReachGroup, note_label);
  gtk_widget_class_bind_template_callback (widget_class, chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, passphrase_edited_cb);
  gtk_widget_class_bind_template_callback (widget_class, passphrase_applied_cb);
  gtk_widget_class_bind_template_callback (widget_class, renew_cb);
  gtk_widget_class_bind_template_callback (widget_class, copy_cb);
}

static void
kith_reach_group_init (KithReachGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * kith_reach_group_set_node:
 * @self: a group
 * @node: whom to reach; set once
 */
void
kith_reach_group_set_node (KithReachGroup *self, KithNode *node)
{
  g_return_if_fail (KITH_IS_REACH_GROUP (self));
  g_return_if_fail (self->node == NULL);

  self->node = g_object_ref (node);
  update (self);
}
