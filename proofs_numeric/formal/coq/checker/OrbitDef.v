(* SPDX-License-Identifier: Apache-2.0 *)
(* The run itself in balls, from the initialisation: no theorem about shadowing is needed, only more bits. What is claimed of
   every step is looked at along the run (theorem_b.md, section 6), then Theorem A at its checkpoint. *)
Require Import ZArith List Bool.
From Alignproof Require Import Integers Certificate BallDef ActDef CheckDef.
Import ListNotations.
Module OrbitDefF (I : INT) (Import B : BallDefT I) (Import F : ActDefT I B) (Import C : CheckDefT I B F).
Section Compute.
Variable w : I.t.
Variable d : data.
Definition axpy (a : ball) (l acc : list ball) : list ball := map2 (fun x y => add (mul w a x) y) l acc.
(* sum_j c_j l_j, columnwise *)
Fixpoint comb (cs : list ball) (ls : mball) (zero : list ball) : list ball :=
  match cs, ls with c :: ct, l :: lt => axpy c l (comb ct lt zero) | _, _ => zero end.
Definition keep (lambda : double) (beta : list ball) : list ball :=
  if Z.eqb (fst lambda) 0 then beta
  else let m := sub (one w) (mul w (d_eta d) (ofD w lambda)) in map (mul w m) beta.
(* (B.1) *)
Definition step (lambda : double) (s : state) (z : point) : state :=
  let zero := map (fun _ => b0) (d_b d) in
  let hb := map (mul w (d_h d)) (d_b d) in
  {| st_A := map2 (fun Ki a => map2 sub a (map2 (mul w) hb (comb (map2 (mul w) Ki (z_e z)) (z_D z) zero))) (d_K d) (st_A s);
     st_beta := map2 sub (keep lambda (st_beta s)) (map (mul w (d_h d)) (comb (z_e z) (z_U z) zero)) |}.

(* The run: look at every t <= T, given the error of the step before; one step for each penalty; then the end. *)
Section Walk.
Variable look : nat -> option ball -> state -> point -> outcome.
Variable last : state -> point -> outcome.
Fixpoint walk (lambdas : list double) (t : nat) (before : option ball) (s : state) : outcome :=
  let z := point_at w d s in
  match look t before s z with
  | Open c u => Open c u
  | Proved => match lambdas with [] => last s z | l :: rest => walk rest (S t) (Some (z_E z)) (step l s z) end
  end.
End Walk.

Definition beta_moved (start s : state) : ball := nrmB w (map2 sub (st_beta s) (st_beta start)).
Definition A_moved (start s : state) : ball :=
  bsqrt w (norm w (fold_right (fun c acc => add (rawdot c c) acc) b0 (map2 (map2 sub) (st_A s) (st_A start)))).
(* kappa |b| |beta| - sqrt p |<b, beta>| *)
Definition T2_slack (kappa : double) (s : state) : ball :=
  sub (mul w (ofD w kappa) (mul w (d_nb d) (nrmB w (st_beta s)))) (mul w (d_rp d) (babs (dotB w (d_b d) (st_beta s)))).
Definition look_run (r : whole_run) (start : state) (t : nat) (before : option ball) (s : state) (z : point) : outcome :=
  let row := nth t (r_errors r) ((0, 0), (0, 0))%Z in
  if negb (nonneg (sub (ofD w (snd row)) (z_E z))) then Open Error_above t
  else if negb (nonneg (sub (z_E z) (ofD w (fst row)))) then Open Error_below t
  else if negb (nonneg (sub (ofD w (r_beta_displacement r)) (beta_moved start s))) then Open Run_beta_displacement t
  else if negb (nonneg (sub (ofD w (r_A_displacement r)) (A_moved start s))) then Open Run_A_displacement t
  else if negb (match r_T1 r, before with
    | Some g, Some E => nonneg (sub (mul w (sub (one w) (divk (I.of_Z 4) (mul w (d_eta d) (ofD w g)))) E) (z_E z))
    | _, _ => true end) then Open Decay t
  else match r_T2 r with
    | None => Proved
    | Some kappa => if negb (posb (nrmB w (st_beta s))) then Open Beta_nonzero t
        else if negb (nonneg (T2_slack kappa s)) then Open Cosine t else Proved
    end.
(* the statement of Theorem A carries the displacements on *)
Definition later (r : whole_run) (l : leg) (start s : state) : outcome :=
  let t := l_checkpoint l in
  let c := l_statement l in
  if negb (nonneg (sub (ofD w (r_beta_displacement r)) (add (beta_moved start s) (ofD w (s_beta_displacement c)))))
  then Open Later_beta_displacement t
  else if negb (nonneg (sub (ofD w (r_A_displacement r)) (add (A_moved start s) (ofD w (s_A_displacement c)))))
  then Open Later_A_displacement t
  else Proved.
Definition look_twin (l : leg) (t : nat) (_ : option ball) (s : state) (_ : point) : outcome :=
  let nbeta := nrmB w (st_beta s) in
  if negb (posb nbeta) then Open Beta_nonzero t
  else if negb (nonneg (sub (mul w (ofD w (s_cos_max (l_statement l))) (mul w (d_nb d) nbeta)) (dotB w (d_b d) (st_beta s))))
  then Open Cosine t
  else Proved.
Definition check_twin (l : leg) (start : state) : outcome :=
  if negb (alpha_ok w l) then Open Alpha_positive 0
  else if negb (K_ok w d l) then Open K_norm 0
  else walk (look_twin l) (fun s z => check_leg w d s z l) (repeat (0, 0)%Z (l_checkpoint l)) 0 None start.
End Compute.

(* numbers of the certificate alone *)
Definition numbers_ok w (d : data) (l : leg) (r : whole_run) : outcome :=
  let c := l_statement l in
  if negb (match r_T1 r with None => true | Some g => dle g (fst (s_alpha c), snd (s_alpha c) + 2)%Z end)
    then Open T1_alpha 0
  else if negb (match r_T2 r, r_T3 r with None, None => true | _, _ => posb (d_nb d) end) then Open B_nonzero 0
  else if negb (match r_T2 r with None => true | Some k => posb (sub (d_rp d) (ofD w k)) end) then Open T2_kappa 0
  else if negb (match r_T2 r with
    | None => true
    | Some k => nonneg (sub (ofD w k) (mul w (d_rp d) (babs (ofD w (s_cos_min c)))))
        && nonneg (sub (ofD w k) (mul w (d_rp d) (babs (ofD w (s_cos_max c)))))
    end) then Open T2_cosine 0
  else match r_T3 r with
    | None => Proved
    | Some (margin, twin) => if negb (dpos margin) then Open T3_margin 0
        else if negb (dlt (dsum (s_cos_max (l_statement twin)) margin) (s_cos_min c)) then Open T3_cosine 0 else Proved
    end.
Definition check_run (w : I.t) (c : initial_certificate) : outcome :=
  let P := i_problem c in
  let l := i_leg c in
  let r := i_run c in
  let T := l_checkpoint l in
  let dim := length (nth 0 (p_X P) []) in
  if negb (shapes_ok w P && Nat.eqb (length (i_W c)) (length (p_b P)) && forallb (fun row => Nat.eqb (length row) dim)
    (i_W c)
           && Nat.eqb (length (i_lambda c)) T && Nat.eqb (length (r_errors r)) (S T)) then Open Shapes 0
  else if negb (dpos (p_eta P)) then Open Eta_positive 0
  else if negb (alpha_ok w l) then Open Alpha_positive 0
  else if negb (dle (0, 0)%Z (p_radius P)) then Open Radius_nonnegative 0
  else
    let d := data_of w P in
    match numbers_ok w d l r with
    | Open c u => Open c u
    | Proved =>
      if negb (K_ok w d l) then Open K_norm 0
      else
        let D := map (ofD w) in
        let rad := ofD w (p_radius P) in
        let W := map D (i_W c) in
        let start := {|
          st_A := map (fun x => let r_i := mul w rad (nrmB w x) in map (fun wr => widen r_i (dotB w wr x)) W)
            (map D (p_X P));
          st_beta := map (widen rad) (D (p_beta P)) |} in
        match walk w d (look_run w d r start)
            (fun s z => match check_leg w d s z l with Open c u => Open c u | Proved => later w r l start s end)
            (i_lambda c) 0 None start with
        | Open c u => Open c u
        | Proved => match r_T3 r with
          | None => Proved
          | Some (_, twin) => match check_twin w d twin start with Open c u => Open (Twin c) u | Proved => Proved end
          end
        end
    end.
End OrbitDefF.
Module Type OrbitDefT (I : INT) (B : BallDefT I) (F : ActDefT I B) (C : CheckDefT I B F).
Include OrbitDefF I B F C.
End OrbitDefT.
