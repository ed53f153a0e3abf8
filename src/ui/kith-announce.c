/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-announce.h"

#include "base/kith-limits.h"
#include "base/kith-source.h"
#include "ui/kith-sentence.h"
#include "ui/kith-toolkit-names.h"

/* The window in which the user is: a dialog may stand before the one where it happens. GTK holds it. */
static GtkWindow *
find_window (GtkWidget *widget)
{
  GtkRoot *root = gtk_widget_get_root (widget);
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) active = g_list_model_get_item (windows, i);

      if (!gtk_window_is_active (active))
        continue;

      for (GtkWindow *window = active; window != NULL; window = gtk_window_get_transient_for (window))
        if (GTK_ROOT (window) == root)
          return active;
    }

  return NULL;
}

#if GTK_CHECK_VERSION (4, 14, 0)

static void
say (GtkWindow *window, const char *words)
{
  gtk_accessible_announce (GTK_ACCESSIBLE (window), words, GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
}

#else

/* Before 4.14, GTK has nothing to announce with, and tells of no change to a live region. What screen readers
 * do say is a new description of what has the focus: it gets one for a while. */

#define KEY "kith-announce"

typedef struct
{
  GtkWidget *speaker; /* (unowned) (nullable) whose description it is; a weak pointer */
  GSource *forget;    /* (owned) (nullable) */
} Voice;

/* What is chosen, or whether it is on, is the description otherwise, or a tooltip. */
static void
give_back (Voice *voice)
{
  GtkWidget *speaker = voice->speaker;
  const char *tooltip;

  kith_source_clear (&voice->forget);
  if (speaker == NULL)
    return;

  g_clear_weak_pointer (&voice->speaker);
  if (kith_toolkit_names_describe (speaker))
    return;

  tooltip = gtk_widget_get_tooltip_text (speaker);
  if (tooltip != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (speaker), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, tooltip,
                                    -1);
  else
    gtk_accessible_reset_property (GTK_ACCESSIBLE (speaker), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION);
}

/* An empty description is not spoken, but a tooltip would be: that one comes back when the focus moves. */
static gboolean
forget_cb (gpointer user_data)
{
  Voice *voice = user_data;

  if (voice->speaker != NULL && gtk_widget_get_tooltip_text (voice->speaker) != NULL)
    kith_source_clear (&voice->forget);
  else
    give_back (voice);

  return G_SOURCE_REMOVE;
}

static void
voice_free (Voice *voice)
{
  kith_source_clear (&voice->forget);
  g_clear_weak_pointer (&voice->speaker);
  g_free (voice);
}

static Voice *
get_voice (GtkWindow *window)
{
  Voice *voice = g_object_get_data (G_OBJECT (window), KEY);

  if (voice == NULL)
    {
      voice = g_new0 (Voice, 1);
      g_object_set_data_full (G_OBJECT (window), KEY, voice, (GDestroyNotify) voice_free);
      g_signal_connect_swapped (window, "notify::focus-widget", G_CALLBACK (give_back), voice);
    }

  return voice;
}

static void
say (GtkWindow *window, const char *words)
{
  Voice *voice = get_voice (window);
  GtkWidget *focus = gtk_window_get_focus (window);
  GtkWidget *entry = GTK_IS_TEXT (focus)
                         ? gtk_widget_get_ancestor (gtk_widget_get_parent (focus), GTK_TYPE_EDITABLE) : NULL;

  /* The text inside of an entry is not what the outside sees. */
  if (entry != NULL)
    focus = entry;

  /* The same words again are no change. */
  give_back (voice);
  if (focus == NULL)
    return;

  g_set_weak_pointer (&voice->speaker, focus);
  gtk_accessible_update_property (GTK_ACCESSIBLE (focus), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, words, -1);
  kith_source_start (&voice->forget, KITH_LIMIT_ANNOUNCEMENT_MS, forget_cb, voice);
}

#endif

/**
 * kith_announce:
 * @widget: where it happens
 * @words: plain text
 *
 * Lets a screen reader say @words, once and now, while the user is in this window or in a dialog of it; else
 * does nothing. The focus stays where it is.
 */
void
kith_announce (GtkWidget *widget, const char *words)
{
  g_autofree char *spoken = NULL;
  GtkWindow *window;

  g_return_if_fail (GTK_IS_WIDGET (widget));

  spoken = kith_sentence_dup_spoken (words);
  window = find_window (widget);
  if (window != NULL && *spoken != '\0')
    say (window, spoken);
}

/**
 * kith_announce_label:
 * @label: has something to say now and then, and is not there else
 * @words: (nullable): what; plain text
 *
 * Shows the words, and lets a screen reader say them when they are others than before.
 */
void
kith_announce_label (GtkLabel *label, const char *words)
{
  gboolean is_new;

  g_return_if_fail (GTK_IS_LABEL (label));

  is_new = !gtk_widget_get_visible (GTK_WIDGET (label)) || g_strcmp0 (words, gtk_label_get_text (label)) != 0;
  gtk_label_set_text (label, words != NULL ? words : "");
  gtk_widget_set_visible (GTK_WIDGET (label), words != NULL);
  if (words != NULL && is_new)
    kith_announce (GTK_WIDGET (label), words);
}

/**
 * kith_announce_label_once:
 * @label: has something to say now and then, and is not there else
 * @words: (nullable): what; plain text that changes as the user types
 *
 * As kith_announce_label(), but a screen reader says it when it appears, and not again with each letter.
 */
void
kith_announce_label_once (GtkLabel *label, const char *words)
{
  if (words != NULL && gtk_widget_get_visible (GTK_WIDGET (label)))
    gtk_label_set_text (label, words);
  else
    kith_announce_label (label, words);
}
