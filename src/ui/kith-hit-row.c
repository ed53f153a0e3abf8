/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-hit-row.h"

#include <string.h>

#include <glib/gi18n.h>

#include "ui/kith-format.h"

struct _KithHitRow
{
  GtkListBoxRow parent_instance;

  GtkLabel *title_label;
  GtkLabel *time_label;
  GtkLabel *snippet_label;

  KithSearchHit *hit; /* (owned) */
};

G_DEFINE_FINAL_TYPE (KithHitRow, kith_hit_row, GTK_TYPE_LIST_BOX_ROW)

/* What matched stands out by its weight and a line, which every theme can show. The text is text:
 * nothing in it is parsed. */
static PangoAttrList *
make_attributes (KithSearchHit *hit, gsize len)
{
  PangoAttrList *attributes = pango_attr_list_new ();
  guint n_ranges;
  const KithSearchRange *ranges = kith_search_hit_get_ranges (hit, &n_ranges);

  for (guint i = 0; i < n_ranges; i++)
    {
      PangoAttribute *both[] = {
        pango_attr_weight_new (PANGO_WEIGHT_BOLD),
        pango_attr_underline_new (PANGO_UNDERLINE_SINGLE),
      };

      for (guint j = 0; j < G_N_ELEMENTS (both); j++)
        {
          both[j]->start_index = ranges[i].start;
          both[j]->end_index = (guint) MIN (ranges[i].end, len);
          pango_attr_list_insert (attributes, both[j]);
        }
    }

  return attributes;
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
kith_hit_row_init (KithHitRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
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
  return g_strdup_printf (_("%s in %s"), name, title);
}

/**
 * kith_hit_row_new:
 * @hit: what was found
 * @with_title: whether to name the conversation; else who wrote it
 *
 * Returns: (transfer floating): a row
 */
GtkWidget *
kith_hit_row_new (KithSearchHit *hit, gboolean with_title)
{
  KithHitRow *self = g_object_new (KITH_TYPE_HIT_ROW, NULL);
  KithMessage *message = kith_search_hit_get_message (hit);
  const char *snippet = kith_search_hit_get_snippet (hit);
  g_autofree char *title = dup_title (hit, with_title);
  g_autoptr (PangoAttrList) attributes = make_attributes (hit, strlen (snippet));
  g_autofree char *time = kith_format_list_time (kith_message_get_time_ms (message),
                                                 kith_format_now_ms ());
  g_autofree char *full_time = kith_format_full_time (kith_message_get_time_ms (message));
  g_autofree char *label = NULL;

  self->hit = g_object_ref (hit);
  gtk_label_set_text (self->title_label, title);
  gtk_label_set_text (self->time_label, time);
  gtk_label_set_text (self->snippet_label, snippet);
  gtk_label_set_attributes (self->snippet_label, attributes);

  /* Translators: conversation or sender, time, text around what was found */
  label = g_strdup_printf (_("%s, %s, %s"), title, full_time, snippet);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);

  return GTK_WIDGET (self);
}

/**
 * kith_hit_row_get_hit:
 * @self: a row
 *
 * Returns: (transfer none): what was found
 */
KithSearchHit *
kith_hit_row_get_hit (KithHitRow *self)
{
  g_return_val_if_fail (KITH_IS_HIT_ROW (self), NULL);

  return self->hit;
}
