/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

#include "model/kith-contact.h"

G_BEGIN_DECLS

/**
 * KithComparisonState:
 * @KITH_COMPARISON_WAITING: we have asked them to compare words
 * @KITH_COMPARISON_ASKED: they ask us
 * @KITH_COMPARISON_PREPARING: both want to, and the words are being made
 * @KITH_COMPARISON_WORDS: the words are there: are they the same on the other screen?
 * @KITH_COMPARISON_CONFIRMED: we have said so, they have not yet
 * @KITH_COMPARISON_SAME: both have: they are verified
 * @KITH_COMPARISON_DIFFERENT: one of us saw other words: somebody may be between us
 * @KITH_COMPARISON_ENDED: one of us stopped, or did not answer in time, or went offline
 *
 * How far a comparison has come. The last three are final.
 */
typedef enum
{
  KITH_COMPARISON_WAITING,
  KITH_COMPARISON_ASKED,
  KITH_COMPARISON_PREPARING,
  KITH_COMPARISON_WORDS,
  KITH_COMPARISON_CONFIRMED,
  KITH_COMPARISON_SAME,
  KITH_COMPARISON_DIFFERENT,
  KITH_COMPARISON_ENDED,
} KithComparisonState;

#define KITH_TYPE_COMPARISON (kith_comparison_get_type ())
G_DECLARE_FINAL_TYPE (KithComparison, kith_comparison, KITH, COMPARISON, GObject)

/* Words that we compare with a contact who is online (protocol 2.1).
 *
 * Properties, all readable: "state", "words" (four of them with spaces between, nullable until they
 * are there). Setters are for the node. */

KithComparison     *kith_comparison_new         (KithContact        *contact,
                                                 KithComparisonState state);
KithContact        *kith_comparison_get_contact (KithComparison     *self);
KithComparisonState kith_comparison_get_state   (KithComparison     *self);
const char         *kith_comparison_get_state_name (KithComparison  *self);
gboolean            kith_comparison_is_over     (KithComparison     *self);
const char         *kith_comparison_get_words   (KithComparison     *self);
void                kith_comparison_set_state   (KithComparison     *self,
                                                 KithComparisonState state);
void                kith_comparison_take_words  (KithComparison     *self,
                                                 char               *words);

G_END_DECLS
