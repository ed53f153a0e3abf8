/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-waveform.h"

#include <string.h>

#include "ui/kith-announce.h"

#define MAX_VALUES 64
#define HEIGHT 32
#define LEAST_WIDTH 80
#define WIDTH 180
#define BAR_WIDTH 3.0f
#define BAR_LEAST 3.0f
#define STEP 0.05

struct _KithWaveform
{
  GtkWidget parent_instance;

  guint8 values[MAX_VALUES];
  guint n_values;
  double position;
  char *words; /* (owned) (nullable) the position, as it is said */
};

enum
{
  SIGNAL_MOVED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (KithWaveform, kith_waveform, GTK_TYPE_WIDGET)

static void
kith_waveform_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                       int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? LEAST_WIDTH : HEIGHT;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? WIDTH : HEIGHT;
}

/* There are as many bars as fit, however many values there are. */
static void
kith_waveform_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  KithWaveform *self = KITH_WAVEFORM (widget);
  int width_pixels = gtk_widget_get_width (widget), height_pixels = gtk_widget_get_height (widget);
  float width = (float) width_pixels, height = (float) height_pixels;
  guint n_bars = MAX (1, MIN (MAX_VALUES, (guint) (width / (BAR_WIDTH + 1))));
  float step = width / (float) n_bars;
  gboolean rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  GdkRGBA colour;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &colour);
  for (guint i = 0; i < n_bars; i++)
    {
      guint8 value = self->n_values > 0 ? self->values[i * self->n_values / n_bars] : 0;
      float bar = MAX (BAR_LEAST, (float) value / 255 * height);
      float x = (float) (rtl ? n_bars - 1 - i : i) * step;
      gboolean is_heard = (i + 0.5) / n_bars < self->position;
      GdkRGBA shade = colour;
      GskRoundedRect rounded;

      shade.alpha *= is_heard ? 1.0f : 0.4f;
      gsk_rounded_rect_init_from_rect (
          &rounded, &GRAPHENE_RECT_INIT (x, (height - bar) / 2, BAR_WIDTH, bar), BAR_WIDTH / 2);
      gtk_snapshot_push_rounded_clip (snapshot, &rounded);
      gtk_snapshot_append_color (snapshot, &shade, &rounded.bounds);
      gtk_snapshot_pop (snapshot);
    }
}

/* --- Moving --------------------------------------------------------------------------------- */

static void
move (KithWaveform *self, double position)
{
  g_signal_emit (self, signals[SIGNAL_MOVED], 0, CLAMP (position, 0, 1));
}

static void
move_to_x (KithWaveform *self, double x)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self));
  double position = width > 0 ? x / width : 0;

  if (gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL)
    position = 1 - position;
  move (self, position);
}

static void
drag_begin_cb (GtkGestureDrag *gesture, double x, double y, KithWaveform *self)
{
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  gtk_widget_grab_focus (GTK_WIDGET (self));
  move_to_x (self, x);
}

static void
drag_update_cb (GtkGestureDrag *gesture, double offset_x, double offset_y, KithWaveform *self)
{
  double x, y;

  if (gtk_gesture_drag_get_start_point (gesture, &x, &y))
    move_to_x (self, x + offset_x);
}

/* GTK 4.8 tells of no value but that of its own widgets. */
static gboolean
move_by_key (KithWaveform *self, double position)
{
  move (self, position);
  if (self->words != NULL)
    kith_announce (GTK_WIDGET (self), self->words);

  return GDK_EVENT_STOP;
}

static gboolean
key_pressed_cb (GtkEventControllerKey *controller, guint keyval, guint keycode,
                GdkModifierType modifiers, KithWaveform *self)
{
  gboolean rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;

  switch (keyval)
    {
    case GDK_KEY_Left:
    case GDK_KEY_KP_Left:
      return move_by_key (self, self->position + (rtl ? STEP : -STEP));
    case GDK_KEY_Right:
    case GDK_KEY_KP_Right:
      return move_by_key (self, self->position + (rtl ? -STEP : STEP));
    case GDK_KEY_Home:
    case GDK_KEY_KP_Home:
      return move_by_key (self, 0);
    default:
      return GDK_EVENT_PROPAGATE;
    }
}

/* --- Object --------------------------------------------------------------------------------- */

static void
kith_waveform_finalize (GObject *object)
{
  g_free (KITH_WAVEFORM (object)->words);

  G_OBJECT_CLASS (kith_waveform_parent_class)->finalize (object);
}

static void
kith_waveform_class_init (KithWaveformClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = kith_waveform_finalize;
  widget_class->measure = kith_waveform_measure;
  widget_class->snapshot = kith_waveform_snapshot;
  gtk_widget_class_set_css_name (widget_class, "kithwaveform");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_SLIDER);

  signals[SIGNAL_MOVED] = g_signal_new ("moved", KITH_TYPE_WAVEFORM, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                        NULL, G_TYPE_NONE, 1, G_TYPE_DOUBLE);
}

static void
kith_waveform_init (KithWaveform *self)
{
  GtkGesture *drag = gtk_gesture_drag_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();

  g_signal_connect_object (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self, 0);
  g_signal_connect_object (drag, "drag-update", G_CALLBACK (drag_update_cb), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_VALUE_MIN, 0.0,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_MAX, 1.0,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_NOW, 0.0, -1);
}

/**
 * kith_waveform_set_values:
 * @self: a waveform
 * @values: (array length=n_values): loudness
 * @n_values: how many; the first 64 are taken
 */
void
kith_waveform_set_values (KithWaveform *self, const guint8 *values, guint n_values)
{
  g_return_if_fail (KITH_IS_WAVEFORM (self));

  self->n_values = MIN (n_values, MAX_VALUES);
  if (self->n_values > 0)
    memcpy (self->values, values, self->n_values);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * kith_waveform_add_value:
 * @self: a waveform
 * @value: how loud it is now
 *
 * Adds a value at the end. When there are many the oldest goes.
 */
void
kith_waveform_add_value (KithWaveform *self, guint8 value)
{
  g_return_if_fail (KITH_IS_WAVEFORM (self));

  if (self->n_values == MAX_VALUES)
    memmove (self->values, self->values + 1, --self->n_values);
  self->values[self->n_values++] = value;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * kith_waveform_set_position:
 * @self: a waveform
 * @position: how much was heard, 0 to 1
 * @words: the same for a screen reader
 */
void
kith_waveform_set_position (KithWaveform *self, double position, const char *words)
{
  g_return_if_fail (KITH_IS_WAVEFORM (self));

  self->position = CLAMP (position, 0, 1);
  g_free (self->words);
  self->words = g_strdup (words);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_VALUE_NOW,
                                  self->position, GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, words, -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
