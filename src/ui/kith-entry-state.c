/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-entry-state.h"

#include "base/kith-limits.h"
#include "base/kith-source.h"
#include "ui/kith-announce.h"

#define KEY "kith-entry-complaint"
#define PAUSE_KEY "kith-entry-pause"

/* What is wrong in one entry. */
typedef struct
{
  char    *words; /* (owned) */
  gboolean is_shown;
  gboolean is_said;
} Complaint;

/* Waits until nothing more is typed in a window. */
typedef struct
{
  GtkWidget *window; /* (unowned) owns us */
  GSource   *wait;   /* (owned) (nullable) */
} Pause;

static void
complaint_free (Complaint *complaint)
{
  g_free (complaint->words);
  g_free (complaint);
}

static void
pause_free (Pause *pause)
{
  kith_source_clear (&pause->wait);
  g_free (pause);
}

/* The words stand apart from the entry: who hears it is led from one to the other. Not by
 * GTK_ACCESSIBLE_RELATION_ERROR_MESSAGE: GTK 4.8 takes one widget for it, later ones a list. */
static void
set_shown_by (GtkWidget *entry, GtkWidget *shown_by)
{
  GtkAccessible *accessible = GTK_ACCESSIBLE (entry);

  if (shown_by != NULL)
    gtk_accessible_update_relation (accessible, GTK_ACCESSIBLE_RELATION_DESCRIBED_BY, shown_by, NULL, -1);
  else
    gtk_accessible_reset_relation (accessible, GTK_ACCESSIBLE_RELATION_DESCRIBED_BY);
}

/* As an error box does. */
static gboolean
says_itself (GtkWidget *shown_by)
{
  return shown_by != NULL
         && gtk_accessible_get_accessible_role (GTK_ACCESSIBLE (shown_by)) == GTK_ACCESSIBLE_ROLE_ALERT;
}

/* --- What is said ----------------------------------------------------------------------------- */

/* Who hears a window can do one thing after the other: of all that is wrong in it, what stands where one
 * writes matters most, then what everybody can see. */
static int
rank (GtkWidget *widget, Complaint *complaint, GtkWidget *focus)
{
  if (focus != NULL && (widget == focus || gtk_widget_is_ancestor (focus, widget)))
    return 3;

  return complaint->is_shown ? 2 : 1;
}

static void
find_most (GtkWidget *widget, GtkWidget *focus, int *most, Complaint **found)
{
  Complaint *complaint = g_object_get_data (G_OBJECT (widget), KEY);

  if (!gtk_widget_get_mapped (widget))
    return;

  if (complaint != NULL && rank (widget, complaint, focus) > *most)
    {
      *most = rank (widget, complaint, focus);
      *found = complaint;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    find_most (child, focus, most, found);
}

static void
say (GtkWidget *window, gboolean again)
{
  Complaint *complaint = NULL;
  int most = 0;

  find_most (window, gtk_root_get_focus (GTK_ROOT (window)), &most, &complaint);
  if (complaint == NULL || (complaint->is_said && !again))
    return;

  complaint->is_said = TRUE;
  kith_announce (window, complaint->words);
}

static gboolean
waited_cb (gpointer user_data)
{
  Pause *pause = user_data;

  kith_source_clear (&pause->wait);
  say (pause->window, FALSE);

  return G_SOURCE_REMOVE;
}

/* While somebody types, each letter can be another mistake. */
static void
say_later (GtkWidget *entry)
{
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (entry));
  Pause *pause;

  if (window == NULL)
    return;

  pause = g_object_get_data (G_OBJECT (window), PAUSE_KEY);
  if (pause == NULL)
    {
      pause = g_new0 (Pause, 1);
      pause->window = window;
      g_object_set_data_full (G_OBJECT (window), PAUSE_KEY, pause, (GDestroyNotify) pause_free);
    }
  kith_source_start (&pause->wait, KITH_LIMIT_COMPLAINT_PAUSE_MS, waited_cb, pause);
}

/* --- What is marked --------------------------------------------------------------------------- */

/* Returns: (transfer none) (nullable): what is kept of it; the same words are no new complaint */
static Complaint *
keep (GtkWidget *entry, const char *words, GtkWidget *shown_by)
{
  Complaint *complaint = g_object_get_data (G_OBJECT (entry), KEY);

  if (words == NULL)
    {
      g_object_set_data (G_OBJECT (entry), KEY, NULL);
      return NULL;
    }

  if (complaint == NULL || !g_str_equal (complaint->words, words))
    {
      complaint = g_new0 (Complaint, 1);
      complaint->words = g_strdup (words);
      complaint->is_said = says_itself (shown_by);
      g_object_set_data_full (G_OBJECT (entry), KEY, complaint, (GDestroyNotify) complaint_free);
    }
  complaint->is_shown = shown_by != NULL;

  return complaint;
}

/**
 * kith_entry_state_complain:
 * @entry: an entry, or the row that is one
 * @words: (nullable): why what stands in it cannot be; plain text. %NULL when it can
 * @shown_by: (nullable): what shows these words, in the same window; lives as long as @entry
 *
 * Marks the entry. When nothing more is typed for a moment, a screen reader says what matters most of all
 * that is wrong in the window, unless it has said so already.
 */
void
kith_entry_state_complain (GtkWidget *entry, const char *words, GtkWidget *shown_by)
{
  Complaint *complaint = keep (entry, words, shown_by);

  if (complaint != NULL)
    gtk_widget_add_css_class (entry, "error");
  else
    gtk_widget_remove_css_class (entry, "error");

  gtk_accessible_update_state (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_STATE_INVALID,
                               complaint != NULL ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE, -1);
  set_shown_by (entry, complaint != NULL ? shown_by : NULL);

  if (complaint != NULL && !complaint->is_said)
    say_later (entry);
}

/**
 * kith_entry_state_say:
 * @widget: a widget in a window
 *
 * Lets a screen reader say what matters most of all that is wrong in the window, at once and also once more:
 * the user wants to go on.
 */
void
kith_entry_state_say (GtkWidget *widget)
{
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (widget));
  Pause *pause = window != NULL ? g_object_get_data (G_OBJECT (window), PAUSE_KEY) : NULL;

  if (pause == NULL)
    return;

  kith_source_clear (&pause->wait);
  say (window, TRUE);
}

/**
 * kith_entry_state_new_label:
 *
 * Returns: (transfer floating): what stands below an entry, for kith_entry_state_show(); not seen yet
 */
GtkWidget *
kith_entry_state_new_label (void)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "error");
  gtk_widget_set_margin_top (label, 12);
  gtk_widget_set_visible (label, FALSE);

  return label;
}

/**
 * kith_entry_state_show:
 * @entry: an entry, or the row that is one
 * @words: (nullable): why what stands in it cannot be; plain text. %NULL when it can
 * @label: of the same window, seen only while there is a complaint; lives as long as @entry
 *
 * As kith_entry_state_complain(), and lets @label say it.
 */
void
kith_entry_state_show (GtkWidget *entry, const char *words, GtkLabel *label)
{
  gtk_label_set_text (label, words != NULL ? words : "");
  gtk_widget_set_visible (GTK_WIDGET (label), words != NULL);
  kith_entry_state_complain (entry, words, GTK_WIDGET (label));
}
