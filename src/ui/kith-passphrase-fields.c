/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-entry-state.h"
#include "ui/kith-passphrase-fields.h"

#include <string.h>

#include <glib/gi18n.h>

#include "base/kith-limits.h"

/* Below it a guess is cheap, and the user is told so. */
#define SHORT_CHARS 12

struct _KithPassphraseFields
{
  AdwBin parent_instance;

  GtkEditable *first_row;
  GtkEditable *second_row;
  GtkLabel *hint_label;
};

enum
{
  SIGNAL_CHANGED,
  SIGNAL_ACTIVATE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (KithPassphraseFields, kith_passphrase_fields, ADW_TYPE_BIN)

static const char *
get_hint (KithPassphraseFields *self)
{
  const char *first = gtk_editable_get_text (self->first_row);
  const char *second = gtk_editable_get_text (self->second_row);

  if (strlen (first) > KITH_LIMIT_PASSPHRASE_BYTES)
    return _("That is too long.");
  if (*first != '\0' && *second != '\0' && !g_str_has_prefix (first, second))
    return _("The two are not the same.");
  if (*first != '\0' && g_utf8_strlen (first, -1) < SHORT_CHARS)
    return _("Short ones can be guessed. Four or more random words are good.");

  return _("Choose four or more random words that only you know.");
}

/* What cannot be stays a complaint of its row; that it is short is only said. */
static void
show_hint (KithPassphraseFields *self)
{
  const char *first = gtk_editable_get_text (self->first_row);
  const char *second = gtk_editable_get_text (self->second_row);
  const char *hint = get_hint (self);
  gboolean too_long = strlen (first) > KITH_LIMIT_PASSPHRASE_BYTES;
  gboolean differ = !too_long && *first != '\0' && *second != '\0' && !g_str_has_prefix (first, second);
  GtkWidget *label = GTK_WIDGET (self->hint_label);

  gtk_label_set_text (self->hint_label, hint);
  kith_entry_state_complain (GTK_WIDGET (self->first_row), too_long ? hint : NULL, label);
  kith_entry_state_complain (GTK_WIDGET (self->second_row), differ ? hint : NULL, label);
}

static void
changed_cb (KithPassphraseFields *self)
{
  show_hint (self);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
first_activated_cb (KithPassphraseFields *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->second_row));
}

static void
second_activated_cb (KithPassphraseFields *self)
{
  if (kith_passphrase_fields_is_good (self))
    g_signal_emit (self, signals[SIGNAL_ACTIVATE], 0);
  else
    kith_entry_state_say (GTK_WIDGET (self));
}

static void
kith_passphrase_fields_dispose (GObject *object)
{
  /* Their buffers wipe themselves. */
  gtk_widget_dispose_template (GTK_WIDGET (object), KITH_TYPE_PASSPHRASE_FIELDS);

  G_OBJECT_CLASS (kith_passphrase_fields_parent_class)->dispose (object);
}

static void
kith_passphrase_fields_class_init (KithPassphraseFieldsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kith_passphrase_fields_dispose;

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", KITH_TYPE_PASSPHRASE_FIELDS, G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_ACTIVATE] = g_signal_new ("activate", KITH_TYPE_PASSPHRASE_FIELDS,
                                           G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/chat/kith/Kith/kith-passphrase-fields.ui");
  gtk_widget_class_bind_template_child (widget_class, KithPassphraseFields, first_row);
  gtk_widget_class_bind_template_child (widget_class, KithPassphraseFields, second_row);
  gtk_widget_class_bind_template_child (widget_class, KithPassphraseFields, hint_label);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, first_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, second_activated_cb);
}

static void
kith_passphrase_fields_init (KithPassphraseFields *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_label_set_text (self->hint_label, get_hint (self));
}

/**
 * kith_passphrase_fields_is_good:
 * @self: two fields
 *
 * Returns: whether both hold the same, and something
 */
gboolean
kith_passphrase_fields_is_good (KithPassphraseFields *self)
{
  const char *first;

  g_return_val_if_fail (KITH_IS_PASSPHRASE_FIELDS (self), FALSE);

  first = gtk_editable_get_text (self->first_row);

  return *first != '\0' && strlen (first) <= KITH_LIMIT_PASSPHRASE_BYTES
         && g_str_equal (first, gtk_editable_get_text (self->second_row));
}

/**
 * kith_passphrase_fields_get:
 * @self: two fields
 *
 * Returns: (transfer none): what was entered; gone with the next change
 */
const char *
kith_passphrase_fields_get (KithPassphraseFields *self)
{
  g_return_val_if_fail (KITH_IS_PASSPHRASE_FIELDS (self), NULL);

  return gtk_editable_get_text (self->first_row);
}

/**
 * kith_passphrase_fields_clear:
 * @self: two fields
 *
 * Wipes what was entered.
 */
void
kith_passphrase_fields_clear (KithPassphraseFields *self)
{
  g_return_if_fail (KITH_IS_PASSPHRASE_FIELDS (self));

  gtk_editable_set_text (self->first_row, "");
  gtk_editable_set_text (self->second_row, "");
}

/**
 * kith_passphrase_fields_focus:
 * @self: two fields
 *
 * Puts the cursor into the first one.
 */
void
kith_passphrase_fields_focus (KithPassphraseFields *self)
{
  g_return_if_fail (KITH_IS_PASSPHRASE_FIELDS (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->first_row));
}

/**
 * kith_passphrase_fields_set_editable:
 * @self: two fields
 * @editable: whether the user can change what was entered
 */
void
kith_passphrase_fields_set_editable (KithPassphraseFields *self, gboolean editable)
{
  g_return_if_fail (KITH_IS_PASSPHRASE_FIELDS (self));

  gtk_editable_set_editable (self->first_row, editable);
  gtk_editable_set_editable (self->second_row, editable);
}
