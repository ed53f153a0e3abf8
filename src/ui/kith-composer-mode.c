/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-composer-mode.h"

#include <glib/gi18n.h>

#include "ui/kith-quote.h"

struct _KithComposerMode
{
  GtkWidget parent_instance;

  GtkImage *image;
  GtkLabel *title_label;
  KithQuote *quote;
  GtkWidget *cancel_button; /* bound, or it would stay when the template goes */

  KithMessage *answered; /* (owned) (nullable) */
  KithMessage *edited;   /* (owned) (nullable) */
};

enum
{
  SIGNAL_CANCELLED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (KithComposerMode, kith_composer_mode, GTK_TYPE_WIDGET)

static void
cancel_clicked_cb (KithComposerMode *self)
{
  g_signal_emit (self, signals[SIGNAL_CANCELLED], 0);
}

static void
kith_composer_mode_dispose (GObject *object)
{
  KithComposerMode *self = KITH_COMPOSER_MODE (object);

  g_clear_object (&self->answered);
  g_clear_object (&self->edited);
  gtk_widget_dispose_template (GTK_WIDGET (self), KITH_TYPE_COMPOSER_MODE);

  G_OBJECT_CLASS (kith_composer_mode_parent_class)->dispose (object);
}

static void
kith_composer_mode_class_init (KithComposerModeClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kith_composer_mode_dispose;

  signals[SIGNAL_CANCELLED] = g_signal_new ("cancelled", KITH_TYPE_COMPOSER_MODE, G_SIGNAL_RUN_LAST,
                                            0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (KITH_TYPE_QUOTE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/chat/kith/Kith/kith-composer-mode.ui");
  gtk_widget_class_bind_template_child (widget_class, KithComposerMode, image);
  gtk_widget_class_bind_template_child (widget_class, KithComposerMode, title_label);
  gtk_widget_class_bind_template_child (widget_class, KithComposerMode, quote);
  gtk_widget_class_bind_template_child (widget_class, KithComposerMode, cancel_button);
  gtk_widget_class_bind_template_callback (widget_class, cancel_clicked_cb);
}

static void
kith_composer_mode_init (KithComposerMode *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
show (KithComposerMode *self, KithMessage *message, const char *icon_name, const char *title)
{
  gtk_image_set_from_icon_name (self->image, icon_name);
  gtk_label_set_text (self->title_label, title);
  kith_quote_set_message (self->quote, message);
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
}

/**
 * kith_composer_mode_set_answered:
 * @self: a mode
 * @message: what the text is going to answer
 */
void
kith_composer_mode_set_answered (KithComposerMode *self, KithMessage *message)
{
  g_return_if_fail (KITH_IS_COMPOSER_MODE (self));

  g_clear_object (&self->edited);
  g_set_object (&self->answered, message);
  show (self, message, "mail-reply-sender-symbolic",
        /* Translators: a heading: what is written answers the message below it */
        C_("noun", "Answer"));
}

/**
 * kith_composer_mode_set_edited:
 * @self: a mode
 * @message: what the text is going to replace
 */
void
kith_composer_mode_set_edited (KithComposerMode *self, KithMessage *message)
{
  g_return_if_fail (KITH_IS_COMPOSER_MODE (self));

  g_clear_object (&self->answered);
  g_set_object (&self->edited, message);
  /* Translators: heads what is in the entry: a message that was sent already */
  show (self, message, "document-edit-symbolic", _("Editing"));
}

/**
 * kith_composer_mode_clear:
 * @self: a mode
 *
 * The text is a message of its own again.
 */
void
kith_composer_mode_clear (KithComposerMode *self)
{
  g_return_if_fail (KITH_IS_COMPOSER_MODE (self));

  g_clear_object (&self->answered);
  g_clear_object (&self->edited);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

/**
 * kith_composer_mode_get_answered:
 * @self: a mode
 *
 * Returns: (transfer none) (nullable): what the text answers
 */
KithMessage *
kith_composer_mode_get_answered (KithComposerMode *self)
{
  g_return_val_if_fail (KITH_IS_COMPOSER_MODE (self), NULL);

  return self->answered;
}

/**
 * kith_composer_mode_get_edited:
 * @self: a mode
 *
 * Returns: (transfer none) (nullable): what the text replaces
 */
KithMessage *
kith_composer_mode_get_edited (KithComposerMode *self)
{
  g_return_val_if_fail (KITH_IS_COMPOSER_MODE (self), NULL);

  return self->edited;
}
