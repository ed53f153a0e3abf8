/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>

#include <gio/gio.h>

#include "base/kith-error.h"
#include "ui/kith-voice-player.h"
#include "ui/kith-voice-recorder.h"
#include "ui/kith-voice.h"

/* Voice messages without a microphone and without ears: a tone goes in, and nowhere out. */

#define DEADLINE_S 20
/* A second of sound, as fast as it can be had. */
#define TONE "audiotestsrc num-buffers=50 samplesperbuffer=960"
#define NO_MICROPHONE "filesrc location=/nonexistent"
#define NOWHERE "fakesink sync=true"
/* One that hangs: it begins, and nothing ever comes. */
#define HANGS "audiotestsrc is-live=true ! valve drop=true"
#define SWITCHED_OFF "audiotestsrc wave=silence num-buffers=400 samplesperbuffer=960"

static gboolean
late_cb (gpointer user_data)
{
  g_error ("It takes too long");

  return G_SOURCE_REMOVE;
}

static void
wait_for (gpointer *what)
{
  guint late = g_timeout_add_seconds (DEADLINE_S, late_cb, NULL);

  while (*what == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (late);
}

static void
result_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
note_cb (gpointer *what)
{
  *what = GINT_TO_POINTER (TRUE);
}

static void
words_cb (gpointer *what, const char *words)
{
  *what = g_strdup (words);
}

static GBytes *
record (KithMedia *media)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KithVoiceRecorder) recorder = kith_voice_recorder_new (TONE, &error);
  gpointer full = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  GBytes *ogg;

  g_assert_no_error (error);
  g_signal_connect_swapped (recorder, "ended", G_CALLBACK (note_cb), &full);
  kith_voice_recorder_start (recorder);
  wait_for (&full);
  kith_voice_recorder_stop_async (recorder, result_cb, &result);
  wait_for ((gpointer *) &result);
  ogg = kith_voice_recorder_stop_finish (recorder, result, media, &error);
  g_assert_no_error (error);

  return ogg;
}

static void
test_record (void)
{
  g_auto (KithMedia) media = { 0 };
  g_autoptr (GBytes) ogg = record (&media);
  gsize len;
  const char *data = g_bytes_get_data (ogg, &len);

  g_assert_cmpuint (len, >, 1000);
  g_assert_cmpmem (data, 4, "OggS", 4);
  g_assert_nonnull (memmem (data, len, "OpusHead", 8));
  g_assert_cmpstr (media.type, ==, "audio/ogg");
  g_assert_cmpuint (media.duration_ms, >=, 900);
  g_assert_cmpuint (media.duration_ms, <=, 1100);
  g_assert_cmpuint (media.n_waveform, >=, 9);
  g_assert_cmpuint (media.waveform[4], >, 200);
}

static void
test_no_microphone (void)
{
  g_autoptr (KithVoiceRecorder) recorder = kith_voice_recorder_new (NO_MICROPHONE, NULL);
  gpointer words = NULL;

  g_signal_connect_swapped (recorder, "failed", G_CALLBACK (words_cb), &words);
  kith_voice_recorder_start (recorder);
  wait_for (&words);
  g_assert_nonnull (strstr (words, "microphone"));
  g_free (words);
}

/* It is given up, and said. */
static void
test_hangs (void)
{
  g_autoptr (KithVoiceRecorder) recorder = kith_voice_recorder_new (HANGS, NULL);
  gpointer words = NULL;

  g_signal_connect_swapped (recorder, "failed", G_CALLBACK (words_cb), &words);
  kith_voice_recorder_start (recorder);
  wait_for (&words);
  g_assert_nonnull (strstr (words, "gives no sound"));
  g_free (words);
}

/* It is said, and recorded on: it may be switched on now. */
static void
test_switched_off (void)
{
  g_autoptr (KithVoiceRecorder) recorder = kith_voice_recorder_new (SWITCHED_OFF, NULL);
  gpointer words = NULL, ended = NULL;

  g_signal_connect_swapped (recorder, "silent", G_CALLBACK (words_cb), &words);
  g_signal_connect_swapped (recorder, "ended", G_CALLBACK (note_cb), &ended);
  kith_voice_recorder_start (recorder);
  wait_for (&words);
  g_assert_nonnull (strstr (words, "switched on"));
  g_free (words);
  wait_for (&ended);
  g_assert_cmpuint (kith_voice_recorder_get_length_ms (recorder), >=, 7900);
}

/* Nobody listens any more, and what was said waits. */
static void
test_end (void)
{
  g_autoptr (KithVoiceRecorder) recorder = kith_voice_recorder_new ("audiotestsrc is-live=true", NULL);
  gpointer heard = NULL, ended = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (KithMedia) media = { 0 };
  g_autoptr (GBytes) ogg = NULL;
  guint length_ms;

  g_signal_connect_swapped (recorder, "level", G_CALLBACK (note_cb), &heard);
  g_signal_connect_swapped (recorder, "ended", G_CALLBACK (note_cb), &ended);
  kith_voice_recorder_start (recorder);
  wait_for (&heard);
  kith_voice_recorder_end (recorder);
  wait_for (&ended);
  length_ms = kith_voice_recorder_get_length_ms (recorder);
  heard = NULL;
  kith_voice_recorder_stop_async (recorder, result_cb, &result);
  wait_for ((gpointer *) &result);
  ogg = kith_voice_recorder_stop_finish (recorder, result, &media, &error);
  g_assert_no_error (error);
  g_assert_null (heard);
  g_assert_cmpuint (media.duration_ms, ==, length_ms);
  g_assert_cmpmem (g_bytes_get_data (ogg, NULL), 4, "OggS", 4);
}

/* Sent while the end of it is still on its way. */
static void
test_end_and_stop (void)
{
  g_autoptr (KithVoiceRecorder) recorder = kith_voice_recorder_new ("audiotestsrc is-live=true", NULL);
  gpointer heard = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (KithMedia) media = { 0 };
  g_autoptr (GBytes) ogg = NULL;

  g_signal_connect_swapped (recorder, "level", G_CALLBACK (note_cb), &heard);
  kith_voice_recorder_start (recorder);
  wait_for (&heard);
  kith_voice_recorder_end (recorder);
  kith_voice_recorder_stop_async (recorder, result_cb, &result);
  wait_for ((gpointer *) &result);
  ogg = kith_voice_recorder_stop_finish (recorder, result, &media, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (ogg), >, 0);
}

/* Stopped before anything was heard. */
static void
test_nothing (void)
{
  g_autoptr (KithVoiceRecorder) recorder = kith_voice_recorder_new ("audiotestsrc is-live=true", NULL);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (KithMedia) media = { 0 };

  kith_voice_recorder_start (recorder);
  kith_voice_recorder_stop_async (recorder, result_cb, &result);
  wait_for ((gpointer *) &result);
  g_assert_null (kith_voice_recorder_stop_finish (recorder, result, &media, &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_FAILED);
}

/* One that hangs: no sound ever ends. Cancelled while it is sent, nothing holds the microphone any more. */
static void
test_cancel (void)
{
  KithVoiceRecorder *recorder = kith_voice_recorder_new ("audiotestsrc is-live=true", NULL);
  gpointer heard = NULL, weak = recorder;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (KithMedia) media = { 0 };

  g_object_add_weak_pointer (G_OBJECT (recorder), &weak);
  g_signal_connect_swapped (recorder, "level", G_CALLBACK (note_cb), &heard);
  kith_voice_recorder_start (recorder);
  wait_for (&heard);
  kith_voice_recorder_stop_async (recorder, result_cb, &result);
  kith_voice_recorder_cancel (recorder);
  wait_for ((gpointer *) &result);
  g_assert_null (kith_voice_recorder_stop_finish (recorder, result, &media, &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_CANCELLED);
  g_clear_object (&result);
  g_object_unref (recorder);
  g_assert_null (weak);
}

static void
playing_cb (KithVoicePlayer *player, GParamSpec *pspec, gpointer *stopped)
{
  if (!kith_voice_player_is_playing (player))
    *stopped = GINT_TO_POINTER (TRUE);
}

static void
test_play (void)
{
  g_auto (KithMedia) media = { 0 };
  g_autoptr (GBytes) ogg = record (&media);
  g_autoptr (GError) error = NULL;
  g_autoptr (KithVoicePlayer) player = kith_voice_player_new (ogg, NOWHERE, &error);
  gpointer stopped = NULL, moved = NULL;
  gint64 start_us;

  g_assert_no_error (error);
  g_signal_connect (player, "notify::playing", G_CALLBACK (playing_cb), &stopped);
  g_signal_connect_swapped (player, "notify::position-ms", G_CALLBACK (note_cb), &moved);
  kith_voice_player_play (player);
  wait_for (&moved);
  wait_for (&stopped);
  g_assert_cmpuint (kith_voice_player_get_position_ms (player), ==, 0);

  /* Once more, from the middle, and twice as fast: a quarter of a second. */
  stopped = NULL;
  kith_voice_player_seek (player, 500);
  g_assert_cmpuint (kith_voice_player_get_position_ms (player), ==, 500);
  kith_voice_player_set_speed (player, 2);
  start_us = g_get_monotonic_time ();
  kith_voice_player_play (player);
  wait_for (&stopped);
  g_test_message ("%" G_GINT64_FORMAT " ms", (g_get_monotonic_time () - start_us) / 1000);
  g_assert_cmpint (g_get_monotonic_time () - start_us, >=, 150 * 1000);
}

static void
test_pause (void)
{
  g_auto (KithMedia) media = { 0 };
  g_autoptr (GBytes) ogg = record (&media);
  g_autoptr (KithVoicePlayer) player = kith_voice_player_new (ogg, NOWHERE, NULL);
  gpointer moved = NULL, stopped = NULL;

  g_signal_connect_swapped (player, "notify::position-ms", G_CALLBACK (note_cb), &moved);
  kith_voice_player_play (player);
  wait_for (&moved);
  kith_voice_player_pause (player);
  g_assert_false (kith_voice_player_is_playing (player));
  g_signal_connect (player, "notify::playing", G_CALLBACK (playing_cb), &stopped);
  kith_voice_player_play (player);
  wait_for (&stopped);
}

/* What is no voice message does no harm, and nothing but Opus is decoded. */
static void
test_garbage (void)
{
  g_auto (KithMedia) media = { 0 };
  g_autoptr (GBytes) ogg = record (&media);
  gsize len;
  const guint8 *data = g_bytes_get_data (ogg, &len);
  g_autofree guint8 *vorbis = g_memdup2 (data, len);
  guint8 *head = memmem (vorbis, len, "OpusHead", 8);
  GBytes *cases[] = {
    g_bytes_new_static ("this is not a voice message at all, and never was one", 53),
    g_bytes_new_static ("", 0),
    NULL,
  };

  memcpy (head, "\1vorbis\0", 8);
  cases[2] = g_bytes_new (vorbis, len);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (KithVoicePlayer) player = kith_voice_player_new (cases[i], NOWHERE, NULL);
      gpointer words = NULL;

      g_signal_connect_swapped (player, "failed", G_CALLBACK (words_cb), &words);
      kith_voice_player_play (player);
      wait_for (&words);
      g_assert_false (kith_voice_player_is_playing (player));
      g_free (words);
      g_bytes_unref (cases[i]);
    }
}

/* Let go of while it plays and while it records. */
static void
test_dispose (void)
{
  g_auto (KithMedia) media = { 0 };
  g_autoptr (GBytes) ogg = record (&media);
  KithVoicePlayer *player = kith_voice_player_new (ogg, NOWHERE, NULL);
  KithVoiceRecorder *recorder = kith_voice_recorder_new ("audiotestsrc is-live=true", NULL);
  gpointer moved = NULL, heard = NULL;

  g_signal_connect_swapped (player, "notify::position-ms", G_CALLBACK (note_cb), &moved);
  kith_voice_player_play (player);
  wait_for (&moved);
  g_assert_finalize_object (player);

  g_signal_connect_swapped (recorder, "level", G_CALLBACK (note_cb), &heard);
  kith_voice_recorder_start (recorder);
  wait_for (&heard);
  g_assert_finalize_object (recorder);
}

static void
test_waveform (void)
{
  float levels[200] = { 0 };
  guint8 waveform[KITH_WAVEFORM_BYTES];

  g_assert_cmpuint (kith_voice_make_waveform (levels, 0, waveform), ==, 0);
  levels[199] = 0.5f;
  g_assert_cmpuint (kith_voice_make_waveform (levels, 200, waveform), ==, KITH_WAVEFORM_BYTES);
  g_assert_cmpuint (waveform[KITH_WAVEFORM_BYTES - 1], ==, 255);
  g_assert_cmpuint (waveform[0], ==, 0);
  g_assert_cmpuint (kith_voice_make_waveform (levels + 197, 3, waveform), ==, 3);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/voice/waveform", test_waveform);
  g_test_add_func ("/voice/record", test_record);
  g_test_add_func ("/voice/no-microphone", test_no_microphone);
  g_test_add_func ("/voice/hangs", test_hangs);
  g_test_add_func ("/voice/switched-off", test_switched_off);
  g_test_add_func ("/voice/end", test_end);
  g_test_add_func ("/voice/end-and-stop", test_end_and_stop);
  g_test_add_func ("/voice/nothing", test_nothing);
  g_test_add_func ("/voice/cancel", test_cancel);
  g_test_add_func ("/voice/play", test_play);
  g_test_add_func ("/voice/pause", test_pause);
  g_test_add_func ("/voice/garbage", test_garbage);
  g_test_add_func ("/voice/dispose", test_dispose);

  return g_test_run ();
}
