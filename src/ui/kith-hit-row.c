/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-hit-row.h"

#include <glib/gi18n.h>

#include "ui/kith-day.h"
#include "ui/kith-format.h"
#include "ui/kith-row-name.h"
#include "ui/kith-sentence.h"
#include "ui/kith-snippet.h"

struct _KithHitRow
{
  AdwBin parent_instance;

  GtkLabel *title_label;
  GtkLabel *time_label;
  GtkLabel *snippet_label;

  KithSearchHit *hit; /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (KithHitRow, kith_hit_row, ADW_TYPE_BIN)

/* What matched stands out by its weight and a line, which every theme can show. The text is text:
 * nothing in it is parsed. */
static PangoAttrList *
make_attributes (const KithSearchRange *ranges, guint n_ranges)
{
  PangoAttrList *attributes = pango_attr_list_new ();

  for (guint i = 0; i < n_ranges; i++)
    {
      PangoAttribute *both[] = {
        pango_attr_weight_new (PANGO_WEIGHT_BOLD),
        pango_attr_underline_new (PANGO_UNDERLINE_SINGLE),
      };

      for (guint j = 0; j < G_N_ELEMENTS (both); j++)
        {
          both[j]->start_index = ranges[i].start;
          both[j]->end_index = ranges[i].end;
          pango_attr_list_insert (attributes, both[j]);
        }
    }

  return attributes;
}

/* Returns: (transfer full): what is shown of the text */
static char *
show_snippet (KithHitRow *self)
{
  guint n_ranges;
  const KithSearchRange *ranges = kith_search_hit_get_ranges (self->hit, &n_ranges);
  g_autofree KithSearchRange *plain_ranges = g_new0 (KithSearchRange, MAX (n_ranges, 1));
  char *snippet = kith_snippet_dup_plain (
      kith_message_get_text (kith_search_hit_get_message (self->hit)),
      kith_search_hit_get_snippet (self->hit), ranges, n_ranges, plain_ranges);
  g_autoptr (PangoAttrList) attributes = make_attributes (plain_ranges, n_ranges);

  gtk_label_set_text (self->snippet_label, snippet);
  gtk_label_set_attributes (self->snippet_label, attributes);

  return snippet;
}

static void
kith_hit_row_dispose (GObject *object)
{
  KithHitRow *self = KITH_HIT_ROW (object);

  g_clear_object (&self->hit);
  gtk_widget_dispose_template (GTK_WIDGET (self), KITH_TYPE_HIT_ROW);

  G_OBJECT_CLASS (kith_hit_row_parent_class)->dispose (object);
}

static void
kith_hit_row_class_init (KithHitRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kith_hit_row_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/chat/kith/Kith/kith-hit-row.ui");
  gtk_widget_class_bind_template_child (widget_class, KithHitRow, title_label);
  gtk_widget_class_bind_template_child (widget_class, KithHitRow, time_label);
  gtk_widget_class_bind_template_child (widget_class, KithHitRow, snippet_label);
}

static void
update_time (KithHitRow *self)
{
  g_autofree char *time = NULL;

  if (self->hit == NULL)
    return;

  time = kith_format_list_time (kith_message_get_time_ms (kith_search_hit_get_message (self->hit)),
                                kith_format_now_ms ());
  gtk_label_set_text (self->time_label, time);
}

static void
kith_hit_row_init (KithHitRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (kith_day_get_default (), "changed", G_CALLBACK (update_time), self, G_CONNECT_SWAPPED);
}

GtkWidget *
kith_hit_row_new (void)
{
  return g_object_new (KITH_TYPE_HIT_ROW, NULL);
}

/* (transfer full): who wrote it, where, or both */
static char *
dup_title (KithSearchHit *hit, gboolean with_title)
{
  KithConversation *conversation = kith_search_hit_get_conversation (hit);
  KithContact *sender = kith_message_get_sender (kith_search_hit_get_message (hit));
  const char *title = kith_conversation_get_title (conversation);
  const char *name = sender != NULL ? kith_contact_get_display_name (sender) : _("You");

  if (!with_title)
    return g_strdup (name);
  if (kith_conversation_get_group (conversation) == NULL)
    return g_strdup (title);

  /* Translators: who wrote it, in which group */
  return kith_sentence_make (_("%s in %s"), name, title);
}

/**
 * kith_hit_row_set_hit:
 * @self: a row, in the list where it belongs
 * @hit: (nullable): what was found
 * @with_title: whether to name the conversation; else who wrote it
 */
void
kith_hit_row_set_hit (KithHitRow *self, KithSearchHit *hit, gboolean with_title)
{
  g_autofree char *snippet = NULL;
  g_autofree char *full_time = NULL;
  g_autofree char *label = NULL;
  g_autofree char *title = NULL;
  KithMessage *message;

  g_return_if_fail (KITH_IS_HIT_ROW (self));

  g_set_object (&self->hit, hit);
  if (hit == NULL)
    return;

  message = kith_search_hit_get_message (hit);
  title = dup_title (hit, with_title);
  full_time = kith_format_full_time (kith_message_get_time_ms (message));

  gtk_label_set_text (self->title_label, title);
  update_time (self);
  snippet = show_snippet (self);

  /* Translators: conversation or sender, time, text around what was found */
  label = g_strdup_printf (_("%s, %s, %s"), title, full_time, snippet);
  kith_row_name_set (GTK_WIDGET (self), label);
}

/**
 * kith_hit_row_get_hit:
 * @self: a row
 *
 * Returns: (transfer none) (nullable): what was found
 */
KithSearchHit *
kith_hit_row_get_hit (KithHitRow *self)
{
  g_return_val_if_fail (KITH_IS_HIT_ROW (self), NULL);

  return self->hit;
}
