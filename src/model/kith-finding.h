/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * KithFindingLevel:
 * @KITH_FINDING_GOOD: this works
 * @KITH_FINDING_NOTE: good to know
 * @KITH_FINDING_PROBLEM: this is in the way; the advice says what to do
 */
typedef enum
{
  KITH_FINDING_GOOD,
  KITH_FINDING_NOTE,
  KITH_FINDING_PROBLEM,
} KithFindingLevel;

#define KITH_TYPE_FINDING (kith_finding_get_type ())
G_DECLARE_FINAL_TYPE (KithFinding, kith_finding, KITH, FINDING, GObject)

/* One line of what the connection doctor found. Immutable. Properties: "level", "code" (a word for
 * scripts, such as "listening"), "title" and "detail" (plain words), "advice" (what to do, may be
 * empty), "time" (ms since 1970 of what it tells about; 0 = now). */

KithFinding      *kith_finding_new         (KithFindingLevel  level,
                                            const char       *code,
                                            const char       *title,
                                            const char       *detail,
                                            const char       *advice,
                                            gint64            time_ms);
KithFindingLevel  kith_finding_get_level   (KithFinding      *self);
const char       *kith_finding_get_code    (KithFinding      *self);
const char       *kith_finding_get_title   (KithFinding      *self);
const char       *kith_finding_get_detail  (KithFinding      *self);
const char       *kith_finding_get_advice  (KithFinding      *self);
gint64            kith_finding_get_time_ms (KithFinding      *self);

G_END_DECLS
