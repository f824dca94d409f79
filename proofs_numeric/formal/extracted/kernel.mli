(* SPDX-License-Identifier: Apache-2.0. Written by Coq: checker/Extract.v. *)


val negb : bool -> bool

val fst : ('a1 * 'a2) -> 'a1

val snd : ('a1 * 'a2) -> 'a2

val length : 'a1 list -> int

val app : 'a1 list -> 'a1 list -> 'a1 list

type comparison =
| Eq
| Lt
| Gt

val add : int -> int -> int

val mul : int -> int -> int

val sub : int -> int -> int

module Nat :
 sig
  val sub : int -> int -> int

  val ltb : int -> int -> bool

  val divmod : int -> int -> int -> int -> int * int

  val div : int -> int -> int

  val modulo : int -> int -> int
 end

module Pos :
 sig
  type mask =
  | IsNul
  | IsPos of Big_int_Z.big_int
  | IsNeg
 end

module Coq_Pos :
 sig
  val succ : Big_int_Z.big_int -> Big_int_Z.big_int

  val add : Big_int_Z.big_int -> Big_int_Z.big_int -> Big_int_Z.big_int

  val add_carry : Big_int_Z.big_int -> Big_int_Z.big_int -> Big_int_Z.big_int

  val pred_double : Big_int_Z.big_int -> Big_int_Z.big_int

  type mask = Pos.mask =
  | IsNul
  | IsPos of Big_int_Z.big_int
  | IsNeg

  val succ_double_mask : mask -> mask

  val double_mask : mask -> mask

  val double_pred_mask : Big_int_Z.big_int -> mask

  val sub_mask : Big_int_Z.big_int -> Big_int_Z.big_int -> mask

  val sub_mask_carry : Big_int_Z.big_int -> Big_int_Z.big_int -> mask

  val mul : Big_int_Z.big_int -> Big_int_Z.big_int -> Big_int_Z.big_int

  val iter : ('a1 -> 'a1) -> 'a1 -> Big_int_Z.big_int -> 'a1

  val div2 : Big_int_Z.big_int -> Big_int_Z.big_int

  val div2_up : Big_int_Z.big_int -> Big_int_Z.big_int

  val size : Big_int_Z.big_int -> Big_int_Z.big_int

  val compare_cont :
    comparison -> Big_int_Z.big_int -> Big_int_Z.big_int -> comparison

  val compare : Big_int_Z.big_int -> Big_int_Z.big_int -> comparison

  val eqb : Big_int_Z.big_int -> Big_int_Z.big_int -> bool

  val leb : Big_int_Z.big_int -> Big_int_Z.big_int -> bool

  val sqrtrem_step :
    (Big_int_Z.big_int -> Big_int_Z.big_int) -> (Big_int_Z.big_int ->
    Big_int_Z.big_int) -> (Big_int_Z.big_int * mask) ->
    Big_int_Z.big_int * mask

  val sqrtrem : Big_int_Z.big_int -> Big_int_Z.big_int * mask

  val sqrt : Big_int_Z.big_int -> Big_int_Z.big_int

  val iter_op : ('a1 -> 'a1 -> 'a1) -> Big_int_Z.big_int -> 'a1 -> 'a1

  val to_nat : Big_int_Z.big_int -> int

  val of_succ_nat : int -> Big_int_Z.big_int
 end

module Z :
 sig
  val double : Big_int_Z.big_int -> Big_int_Z.big_int

  val succ_double : Big_int_Z.big_int -> Big_int_Z.big_int

  val pred_double : Big_int_Z.big_int -> Big_int_Z.big_int

  val pos_sub : Big_int_Z.big_int -> Big_int_Z.big_int -> Big_int_Z.big_int

  val add : Big_int_Z.big_int -> Big_int_Z.big_int -> Big_int_Z.big_int

  val opp : Big_int_Z.big_int -> Big_int_Z.big_int

  val sub : Big_int_Z.big_int -> Big_int_Z.big_int -> Big_int_Z.big_int

  val mul : Big_int_Z.big_int -> Big_int_Z.big_int -> Big_int_Z.big_int

  val compare : Big_int_Z.big_int -> Big_int_Z.big_int -> comparison

  val leb : Big_int_Z.big_int -> Big_int_Z.big_int -> bool

  val ltb : Big_int_Z.big_int -> Big_int_Z.big_int -> bool

  val eqb : Big_int_Z.big_int -> Big_int_Z.big_int -> bool

  val max : Big_int_Z.big_int -> Big_int_Z.big_int -> Big_int_Z.big_int

  val min : Big_int_Z.big_int -> Big_int_Z.big_int -> Big_int_Z.big_int

  val abs : Big_int_Z.big_int -> Big_int_Z.big_int

  val to_nat : Big_int_Z.big_int -> int

  val of_nat : int -> Big_int_Z.big_int

  val pos_div_eucl :
    Big_int_Z.big_int -> Big_int_Z.big_int ->
    Big_int_Z.big_int * Big_int_Z.big_int

  val div_eucl :
    Big_int_Z.big_int -> Big_int_Z.big_int ->
    Big_int_Z.big_int * Big_int_Z.big_int

  val div : Big_int_Z.big_int -> Big_int_Z.big_int -> Big_int_Z.big_int

  val div2 : Big_int_Z.big_int -> Big_int_Z.big_int

  val log2 : Big_int_Z.big_int -> Big_int_Z.big_int

  val sqrt : Big_int_Z.big_int -> Big_int_Z.big_int

  val shiftl : Big_int_Z.big_int -> Big_int_Z.big_int -> Big_int_Z.big_int

  val shiftr : Big_int_Z.big_int -> Big_int_Z.big_int -> Big_int_Z.big_int
 end

val nth : int -> 'a1 list -> 'a1 -> 'a1

val concat : 'a1 list list -> 'a1 list

val map : ('a1 -> 'a2) -> 'a1 list -> 'a2 list

val fold_right : ('a2 -> 'a1 -> 'a1) -> 'a1 -> 'a2 list -> 'a1

val forallb : ('a1 -> bool) -> 'a1 list -> bool

val seq : int -> int -> int list

val repeat : 'a1 -> int -> 'a1 list

module type INT =
 sig
  type t

  val to_Z : t -> Big_int_Z.big_int

  val of_Z : Big_int_Z.big_int -> t

  val add : t -> t -> t

  val sub : t -> t -> t

  val mul : t -> t -> t

  val div : t -> t -> t

  val shl : t -> t -> t

  val shr : t -> t -> t

  val max : t -> t -> t

  val opp : t -> t

  val abs : t -> t

  val sqrt : t -> t

  val log2 : t -> t

  val ltb : t -> t -> bool

  val leb : t -> t -> bool
 end

module ZInt :
 sig
  type t = Big_int_Z.big_int

  val to_Z : Big_int_Z.big_int -> Big_int_Z.big_int

  val of_Z : Big_int_Z.big_int -> Big_int_Z.big_int

  val add : Big_int_Z.big_int -> Big_int_Z.big_int -> Big_int_Z.big_int

  val sub : Big_int_Z.big_int -> Big_int_Z.big_int -> Big_int_Z.big_int

  val mul : Big_int_Z.big_int -> Big_int_Z.big_int -> Big_int_Z.big_int

  val div : Big_int_Z.big_int -> Big_int_Z.big_int -> Big_int_Z.big_int

  val shl : Big_int_Z.big_int -> Big_int_Z.big_int -> Big_int_Z.big_int

  val shr : Big_int_Z.big_int -> Big_int_Z.big_int -> Big_int_Z.big_int

  val max : Big_int_Z.big_int -> Big_int_Z.big_int -> Big_int_Z.big_int

  val opp : Big_int_Z.big_int -> Big_int_Z.big_int

  val abs : Big_int_Z.big_int -> Big_int_Z.big_int

  val sqrt : Big_int_Z.big_int -> Big_int_Z.big_int

  val log2 : Big_int_Z.big_int -> Big_int_Z.big_int

  val ltb : Big_int_Z.big_int -> Big_int_Z.big_int -> bool

  val leb : Big_int_Z.big_int -> Big_int_Z.big_int -> bool
 end

type double0 = Big_int_Z.big_int * Big_int_Z.big_int

type activation =
| Identity
| Tanh
| Sigmoid
| Relu
| Erf
| Gelu
| Softplus

type witness = { w_M_min : double0; w_M_max : double0; w_G_max : double0;
                 w_K_norm : double0 }

type statement = { s_alpha : double0; s_error : double0;
                   s_beta_displacement : double0; s_A_displacement : 
                   double0; s_cos_min : double0; s_cos_max : double0 }

type leg = { l_checkpoint : int; l_witness : witness; l_statement : statement }

type problem = { p_psi : activation; p_X : double0 list list;
                 p_y : double0 list; p_b : double0 list;
                 p_beta : double0 list; p_eta : double0; p_radius : double0 }

type checkpoint_certificate = { k_problem : problem; k_A : double0 list list;
                                k_leg : leg }

type whole_run = { r_errors : (double0 * double0) list;
                   r_beta_displacement : double0; r_A_displacement : 
                   double0; r_T1 : double0 option; r_T2 : double0 option;
                   r_T3 : (double0 * leg) option }

type initial_certificate = { i_problem : problem; i_W : double0 list list;
                             i_lambda : double0 list; i_leg : leg;
                             i_run : whole_run }

type variant_certificate = { v_backpropagation : bool; v_psi : activation;
                             v_X : double0 list list;
                             v_y : double0 list list;
                             v_b : double0 list list;
                             v_beta : double0 list list;
                             v_A : double0 list list; v_eta : double0;
                             v_radius : double0; v_leg : leg }

type condition =
| Shapes
| Eta_positive
| Alpha_positive
| Radius_nonnegative
| T1_alpha
| B_nonzero
| T2_kappa
| T2_cosine
| T3_margin
| T3_cosine
| K_norm
| Error_above
| Error_below
| Run_beta_displacement
| Run_A_displacement
| Decay
| Beta_nonzero
| Cosine
| M_min
| M_max
| G_max
| A_10
| A_11
| Signs
| Leg_error
| Leg_beta_displacement
| Leg_A_displacement
| Cos_min
| Cos_max
| Later_beta_displacement
| Later_A_displacement
| Twin of condition

type outcome =
| Proved
| Open of condition * int

module BallDefF :
 functor (I:INT) ->
 sig
  type ball = I.t * I.t

  val c0 : I.t

  val c1 : I.t

  val c2 : I.t

  val b0 : ball

  val add : ball -> ball -> ball

  val sub : ball -> ball -> ball

  val opp : ball -> ball

  val rawmul : ball -> ball -> ball

  val norm : I.t -> ball -> ball

  val mul : I.t -> ball -> ball -> ball

  val divk : I.t -> ball -> ball

  val ofInt : I.t -> I.t -> ball

  val one : I.t -> ball

  val babs : ball -> ball

  val posb : ball -> bool

  val nonneg : ball -> bool

  val div : I.t -> ball -> ball -> ball

  val bsqrt : I.t -> ball -> ball

  val rawdot_to : ball -> ball list -> ball list -> ball

  val rawdot : ball list -> ball list -> ball

  val dotB : I.t -> ball list -> ball list -> ball

  val map2 : ('a1 -> 'a2 -> 'a3) -> 'a1 list -> 'a2 list -> 'a3 list

  val ofD : I.t -> double0 -> ball
 end

module ElementaryDefF :
 functor (I:INT) ->
 functor (B:sig
  type ball = I.t * I.t

  val c0 : I.t

  val c1 : I.t

  val c2 : I.t

  val b0 : ball

  val add : ball -> ball -> ball

  val sub : ball -> ball -> ball

  val opp : ball -> ball

  val rawmul : ball -> ball -> ball

  val norm : I.t -> ball -> ball

  val mul : I.t -> ball -> ball -> ball

  val divk : I.t -> ball -> ball

  val ofInt : I.t -> I.t -> ball

  val one : I.t -> ball

  val babs : ball -> ball

  val posb : ball -> bool

  val nonneg : ball -> bool

  val div : I.t -> ball -> ball -> ball

  val bsqrt : I.t -> ball -> ball

  val rawdot_to : ball -> ball list -> ball list -> ball

  val rawdot : ball list -> ball list -> ball

  val dotB : I.t -> ball list -> ball list -> ball

  val map2 : ('a1 -> 'a2 -> 'a3) -> 'a1 list -> 'a2 list -> 'a3 list

  val ofD : I.t -> double0 -> ball
 end) ->
 sig
  val c4 : I.t

  val c6 : I.t

  val halvings : I.t -> I.t

  val guard : I.t -> I.t

  val taylor : I.t -> I.t -> I.t -> int -> I.t -> I.t -> I.t -> I.t * I.t

  val squarings : I.t -> I.t -> int -> I.t -> I.t -> B.ball

  val expI : I.t -> I.t -> B.ball

  val expnB : I.t -> B.ball -> B.ball

  val tanhB : I.t -> B.ball -> B.ball
 end

module SmoothDefF :
 functor (I:INT) ->
 functor (B:sig
  type ball = I.t * I.t

  val c0 : I.t

  val c1 : I.t

  val c2 : I.t

  val b0 : ball

  val add : ball -> ball -> ball

  val sub : ball -> ball -> ball

  val opp : ball -> ball

  val rawmul : ball -> ball -> ball

  val norm : I.t -> ball -> ball

  val mul : I.t -> ball -> ball -> ball

  val divk : I.t -> ball -> ball

  val ofInt : I.t -> I.t -> ball

  val one : I.t -> ball

  val babs : ball -> ball

  val posb : ball -> bool

  val nonneg : ball -> bool

  val div : I.t -> ball -> ball -> ball

  val bsqrt : I.t -> ball -> ball

  val rawdot_to : ball -> ball list -> ball list -> ball

  val rawdot : ball list -> ball list -> ball

  val dotB : I.t -> ball list -> ball list -> ball

  val map2 : ('a1 -> 'a2 -> 'a3) -> 'a1 list -> 'a2 list -> 'a3 list

  val ofD : I.t -> double0 -> ball
 end) ->
 functor (E:sig
  val c4 : I.t

  val c6 : I.t

  val halvings : I.t -> I.t

  val guard : I.t -> I.t

  val taylor : I.t -> I.t -> I.t -> int -> I.t -> I.t -> I.t -> I.t * I.t

  val squarings : I.t -> I.t -> int -> I.t -> I.t -> B.ball

  val expI : I.t -> I.t -> B.ball

  val expnB : I.t -> B.ball -> B.ball

  val tanhB : I.t -> B.ball -> B.ball
 end) ->
 sig
  val c3 : I.t

  val c16 : I.t

  val top : B.ball -> I.t

  val widen : B.ball -> I.t -> B.ball

  val spread : I.t -> I.t -> B.ball -> B.ball -> B.ball * B.ball

  val pi_loop : int -> I.t -> B.ball -> B.ball -> B.ball -> B.ball

  val piB : I.t -> B.ball

  val series : int -> I.t -> I.t -> I.t -> I.t -> I.t -> (I.t * I.t) option

  val gauss_at : I.t -> I.t -> I.t -> B.ball * B.ball

  val gaussB : I.t -> I.t -> I.t -> B.ball * B.ball

  val erf_scaleB : I.t -> B.ball

  val erfB : I.t -> B.ball -> B.ball * B.ball

  val gelu_scaleB : I.t -> B.ball

  val geluB : I.t -> B.ball -> B.ball * B.ball

  val log_loop : I.t -> B.ball -> int -> B.ball -> B.ball

  val log1pB : I.t -> B.ball -> B.ball

  val softplusB : I.t -> B.ball -> B.ball * B.ball
 end

module ActDefF :
 functor (I:INT) ->
 functor (B:sig
  type ball = I.t * I.t

  val c0 : I.t

  val c1 : I.t

  val c2 : I.t

  val b0 : ball

  val add : ball -> ball -> ball

  val sub : ball -> ball -> ball

  val opp : ball -> ball

  val rawmul : ball -> ball -> ball

  val norm : I.t -> ball -> ball

  val mul : I.t -> ball -> ball -> ball

  val divk : I.t -> ball -> ball

  val ofInt : I.t -> I.t -> ball

  val one : I.t -> ball

  val babs : ball -> ball

  val posb : ball -> bool

  val nonneg : ball -> bool

  val div : I.t -> ball -> ball -> ball

  val bsqrt : I.t -> ball -> ball

  val rawdot_to : ball -> ball list -> ball list -> ball

  val rawdot : ball list -> ball list -> ball

  val dotB : I.t -> ball list -> ball list -> ball

  val map2 : ('a1 -> 'a2 -> 'a3) -> 'a1 list -> 'a2 list -> 'a3 list

  val ofD : I.t -> double0 -> ball
 end) ->
 sig
  module E :
   sig
    val c4 : I.t

    val c6 : I.t

    val halvings : I.t -> I.t

    val guard : I.t -> I.t

    val taylor : I.t -> I.t -> I.t -> int -> I.t -> I.t -> I.t -> I.t * I.t

    val squarings : I.t -> I.t -> int -> I.t -> I.t -> B.ball

    val expI : I.t -> I.t -> B.ball

    val expnB : I.t -> B.ball -> B.ball

    val tanhB : I.t -> B.ball -> B.ball
   end

  module S :
   sig
    val c3 : I.t

    val c16 : I.t

    val top : B.ball -> I.t

    val widen : B.ball -> I.t -> B.ball

    val spread : I.t -> I.t -> B.ball -> B.ball -> B.ball * B.ball

    val pi_loop : int -> I.t -> B.ball -> B.ball -> B.ball -> B.ball

    val piB : I.t -> B.ball

    val series : int -> I.t -> I.t -> I.t -> I.t -> I.t -> (I.t * I.t) option

    val gauss_at : I.t -> I.t -> I.t -> B.ball * B.ball

    val gaussB : I.t -> I.t -> I.t -> B.ball * B.ball

    val erf_scaleB : I.t -> B.ball

    val erfB : I.t -> B.ball -> B.ball * B.ball

    val gelu_scaleB : I.t -> B.ball

    val geluB : I.t -> B.ball -> B.ball * B.ball

    val log_loop : I.t -> B.ball -> int -> B.ball -> B.ball

    val log1pB : I.t -> B.ball -> B.ball

    val softplusB : I.t -> B.ball -> B.ball * B.ball
   end

  val dtanhB : I.t -> B.ball -> B.ball

  val sigmoidB : I.t -> B.ball -> B.ball

  val dsigmoidB : I.t -> B.ball -> B.ball

  val upto : I.t -> B.ball

  val reluB : I.t -> B.ball -> B.ball * B.ball

  val activate : activation -> I.t -> B.ball -> B.ball * B.ball

  val coq_L1B : activation -> I.t -> B.ball

  val coq_L2B : activation -> I.t -> B.ball

  val frozen_signs : activation -> bool
 end

val dsum : double0 -> double0 -> double0

val dneg : double0 -> double0

val dpos : double0 -> bool

val dle : double0 -> double0 -> bool

val dlt : double0 -> double0 -> bool

val minus_one : double0

val plus_one : double0

type 't nums = { x_rp : 't; x_et : 't; x_al : 't; x_Mmin : 't; x_Mmax : 
                 't; x_Gmax : 't; x_Kn : 't; x_L1 : 't; x_L2 : 't; x_E : 
                 't; x_kmax : 't; x_koK : 't; x_nb : 't; x_Q : 't; x_b4 : 
                 't; x_Nb : 't; x_bbe : 't; x_cmin : 't; x_cmax : 't }

type 't ops = { o_add : ('t -> 't -> 't); o_sub : ('t -> 't -> 't);
                o_mul : ('t -> 't -> 't); o_div : ('t -> 't -> 't);
                o_sqrt : ('t -> 't); o_half : ('t -> 't); o_two : 't }

val f_L1s : 'a1 ops -> 'a1 nums -> 'a1

val f_s0 : 'a1 ops -> 'a1 nums -> 'a1

val f_kap : 'a1 ops -> 'a1 nums -> 'a1

val f_R : 'a1 ops -> 'a1 nums -> 'a1

val f_Gs : 'a1 ops -> 'a1 nums -> 'a1

val f_q : 'a1 ops -> 'a1 nums -> 'a1

val f_rho : 'a1 ops -> 'a1 nums -> 'a1

val f_dG : 'a1 ops -> 'a1 nums -> 'a1

val f_h2 : 'a1 ops -> 'a1 nums -> 'a1

val f_D : 'a1 ops -> 'a1 nums -> 'a1

val f_Cv : 'a1 ops -> 'a1 nums -> 'a1

val f_CE : 'a1 ops -> 'a1 nums -> 'a1

val f_A10 : 'a1 ops -> 'a1 nums -> 'a1

val f_A11 : 'a1 ops -> 'a1 nums -> 'a1

val f_Ad : 'a1 ops -> 'a1 nums -> 'a1

val f_near : 'a1 ops -> 'a1 nums -> 'a1

val f_far : 'a1 ops -> 'a1 nums -> 'a1

val f_low : 'a1 ops -> 'a1 nums -> 'a1

val f_high : 'a1 ops -> 'a1 nums -> 'a1

val f_c1 : 'a1 ops -> 'a1 nums -> 'a1

val f_c2 : 'a1 ops -> 'a1 nums -> 'a1

val f_c3 : 'a1 ops -> 'a1 nums -> 'a1

val f_c4 : 'a1 ops -> 'a1 nums -> 'a1

module CheckDefF :
 functor (I:INT) ->
 functor (B:sig
  type ball = I.t * I.t

  val c0 : I.t

  val c1 : I.t

  val c2 : I.t

  val b0 : ball

  val add : ball -> ball -> ball

  val sub : ball -> ball -> ball

  val opp : ball -> ball

  val rawmul : ball -> ball -> ball

  val norm : I.t -> ball -> ball

  val mul : I.t -> ball -> ball -> ball

  val divk : I.t -> ball -> ball

  val ofInt : I.t -> I.t -> ball

  val one : I.t -> ball

  val babs : ball -> ball

  val posb : ball -> bool

  val nonneg : ball -> bool

  val div : I.t -> ball -> ball -> ball

  val bsqrt : I.t -> ball -> ball

  val rawdot_to : ball -> ball list -> ball list -> ball

  val rawdot : ball list -> ball list -> ball

  val dotB : I.t -> ball list -> ball list -> ball

  val map2 : ('a1 -> 'a2 -> 'a3) -> 'a1 list -> 'a2 list -> 'a3 list

  val ofD : I.t -> double0 -> ball
 end) ->
 functor (F:sig
  module E :
   sig
    val c4 : I.t

    val c6 : I.t

    val halvings : I.t -> I.t

    val guard : I.t -> I.t

    val taylor : I.t -> I.t -> I.t -> int -> I.t -> I.t -> I.t -> I.t * I.t

    val squarings : I.t -> I.t -> int -> I.t -> I.t -> B.ball

    val expI : I.t -> I.t -> B.ball

    val expnB : I.t -> B.ball -> B.ball

    val tanhB : I.t -> B.ball -> B.ball
   end

  module S :
   sig
    val c3 : I.t

    val c16 : I.t

    val top : B.ball -> I.t

    val widen : B.ball -> I.t -> B.ball

    val spread : I.t -> I.t -> B.ball -> B.ball -> B.ball * B.ball

    val pi_loop : int -> I.t -> B.ball -> B.ball -> B.ball -> B.ball

    val piB : I.t -> B.ball

    val series : int -> I.t -> I.t -> I.t -> I.t -> I.t -> (I.t * I.t) option

    val gauss_at : I.t -> I.t -> I.t -> B.ball * B.ball

    val gaussB : I.t -> I.t -> I.t -> B.ball * B.ball

    val erf_scaleB : I.t -> B.ball

    val erfB : I.t -> B.ball -> B.ball * B.ball

    val gelu_scaleB : I.t -> B.ball

    val geluB : I.t -> B.ball -> B.ball * B.ball

    val log_loop : I.t -> B.ball -> int -> B.ball -> B.ball

    val log1pB : I.t -> B.ball -> B.ball

    val softplusB : I.t -> B.ball -> B.ball * B.ball
   end

  val dtanhB : I.t -> B.ball -> B.ball

  val sigmoidB : I.t -> B.ball -> B.ball

  val dsigmoidB : I.t -> B.ball -> B.ball

  val upto : I.t -> B.ball

  val reluB : I.t -> B.ball -> B.ball * B.ball

  val activate : activation -> I.t -> B.ball -> B.ball * B.ball

  val coq_L1B : activation -> I.t -> B.ball

  val coq_L2B : activation -> I.t -> B.ball

  val frozen_signs : activation -> bool
 end) ->
 sig
  type mball = B.ball list list

  val mapi : (int -> 'a1 -> 'a2) -> int -> 'a1 list -> 'a2 list

  val diag : (B.ball -> B.ball) -> (B.ball -> B.ball) -> mball -> mball

  val outer : mball -> (B.ball list -> B.ball list -> B.ball) -> mball

  val maxball : B.ball list -> B.ball

  val widen : B.ball -> B.ball -> B.ball

  val pd : I.t -> int -> mball -> bool

  val nrmB : I.t -> B.ball list -> B.ball

  type data = { d_psi : activation; d_n : int; d_p : I.t; d_rp : B.ball;
                d_K : mball; d_y : B.ball list; d_b : B.ball list;
                d_nb : B.ball; d_eta : B.ball; d_h : B.ball }

  val d_psi : data -> activation

  val d_n : data -> int

  val d_p : data -> I.t

  val d_rp : data -> B.ball

  val d_K : data -> mball

  val d_y : data -> B.ball list

  val d_b : data -> B.ball list

  val d_nb : data -> B.ball

  val d_eta : data -> B.ball

  val d_h : data -> B.ball

  val data_of : I.t -> problem -> data

  type state = { st_A : mball; st_beta : B.ball list }

  val st_A : state -> mball

  val st_beta : state -> B.ball list

  type point = { z_U : mball; z_D : mball; z_e : B.ball list; z_E : B.ball }

  val z_U : point -> mball

  val z_D : point -> mball

  val z_e : point -> B.ball list

  val z_E : point -> B.ball

  val point_at : I.t -> data -> state -> point

  val mG : I.t -> data -> point -> mball

  val mS : I.t -> data -> B.ball list -> mball -> mball

  val mM : I.t -> data -> state -> point -> mball

  val ballops : I.t -> B.ball ops

  val numbers : I.t -> data -> state -> point -> leg -> B.ball nums

  val signs_ok : I.t -> data -> state -> B.ball nums -> bool

  val cos_min_ok : I.t -> B.ball nums -> double0 -> bool

  val cos_max_ok : I.t -> B.ball nums -> double0 -> bool

  val coq_K_ok : I.t -> data -> leg -> bool

  val close_leg : I.t -> B.ball nums -> leg -> bool -> outcome

  val check_leg : I.t -> data -> state -> point -> leg -> outcome

  val check_near : I.t -> data -> state -> point -> leg -> B.ball -> outcome

  val shapes_ok : I.t -> problem -> bool

  val alpha_ok : I.t -> leg -> bool

  val check_checkpoint : I.t -> checkpoint_certificate -> outcome
 end

module OrbitDefF :
 functor (I:INT) ->
 functor (B:sig
  type ball = I.t * I.t

  val c0 : I.t

  val c1 : I.t

  val c2 : I.t

  val b0 : ball

  val add : ball -> ball -> ball

  val sub : ball -> ball -> ball

  val opp : ball -> ball

  val rawmul : ball -> ball -> ball

  val norm : I.t -> ball -> ball

  val mul : I.t -> ball -> ball -> ball

  val divk : I.t -> ball -> ball

  val ofInt : I.t -> I.t -> ball

  val one : I.t -> ball

  val babs : ball -> ball

  val posb : ball -> bool

  val nonneg : ball -> bool

  val div : I.t -> ball -> ball -> ball

  val bsqrt : I.t -> ball -> ball

  val rawdot_to : ball -> ball list -> ball list -> ball

  val rawdot : ball list -> ball list -> ball

  val dotB : I.t -> ball list -> ball list -> ball

  val map2 : ('a1 -> 'a2 -> 'a3) -> 'a1 list -> 'a2 list -> 'a3 list

  val ofD : I.t -> double0 -> ball
 end) ->
 functor (F:sig
  module E :
   sig
    val c4 : I.t

    val c6 : I.t

    val halvings : I.t -> I.t

    val guard : I.t -> I.t

    val taylor : I.t -> I.t -> I.t -> int -> I.t -> I.t -> I.t -> I.t * I.t

    val squarings : I.t -> I.t -> int -> I.t -> I.t -> B.ball

    val expI : I.t -> I.t -> B.ball

    val expnB : I.t -> B.ball -> B.ball

    val tanhB : I.t -> B.ball -> B.ball
   end

  module S :
   sig
    val c3 : I.t

    val c16 : I.t

    val top : B.ball -> I.t

    val widen : B.ball -> I.t -> B.ball

    val spread : I.t -> I.t -> B.ball -> B.ball -> B.ball * B.ball

    val pi_loop : int -> I.t -> B.ball -> B.ball -> B.ball -> B.ball

    val piB : I.t -> B.ball

    val series : int -> I.t -> I.t -> I.t -> I.t -> I.t -> (I.t * I.t) option

    val gauss_at : I.t -> I.t -> I.t -> B.ball * B.ball

    val gaussB : I.t -> I.t -> I.t -> B.ball * B.ball

    val erf_scaleB : I.t -> B.ball

    val erfB : I.t -> B.ball -> B.ball * B.ball

    val gelu_scaleB : I.t -> B.ball

    val geluB : I.t -> B.ball -> B.ball * B.ball

    val log_loop : I.t -> B.ball -> int -> B.ball -> B.ball

    val log1pB : I.t -> B.ball -> B.ball

    val softplusB : I.t -> B.ball -> B.ball * B.ball
   end

  val dtanhB : I.t -> B.ball -> B.ball

  val sigmoidB : I.t -> B.ball -> B.ball

  val dsigmoidB : I.t -> B.ball -> B.ball

  val upto : I.t -> B.ball

  val reluB : I.t -> B.ball -> B.ball * B.ball

  val activate : activation -> I.t -> B.ball -> B.ball * B.ball

  val coq_L1B : activation -> I.t -> B.ball

  val coq_L2B : activation -> I.t -> B.ball

  val frozen_signs : activation -> bool
 end) ->
 functor (C:sig
  type mball = B.ball list list

  val mapi : (int -> 'a1 -> 'a2) -> int -> 'a1 list -> 'a2 list

  val diag : (B.ball -> B.ball) -> (B.ball -> B.ball) -> mball -> mball

  val outer : mball -> (B.ball list -> B.ball list -> B.ball) -> mball

  val maxball : B.ball list -> B.ball

  val widen : B.ball -> B.ball -> B.ball

  val pd : I.t -> int -> mball -> bool

  val nrmB : I.t -> B.ball list -> B.ball

  type data = { d_psi : activation; d_n : int; d_p : I.t; d_rp : B.ball;
                d_K : mball; d_y : B.ball list; d_b : B.ball list;
                d_nb : B.ball; d_eta : B.ball; d_h : B.ball }

  val d_psi : data -> activation

  val d_n : data -> int

  val d_p : data -> I.t

  val d_rp : data -> B.ball

  val d_K : data -> mball

  val d_y : data -> B.ball list

  val d_b : data -> B.ball list

  val d_nb : data -> B.ball

  val d_eta : data -> B.ball

  val d_h : data -> B.ball

  val data_of : I.t -> problem -> data

  type state = { st_A : mball; st_beta : B.ball list }

  val st_A : state -> mball

  val st_beta : state -> B.ball list

  type point = { z_U : mball; z_D : mball; z_e : B.ball list; z_E : B.ball }

  val z_U : point -> mball

  val z_D : point -> mball

  val z_e : point -> B.ball list

  val z_E : point -> B.ball

  val point_at : I.t -> data -> state -> point

  val mG : I.t -> data -> point -> mball

  val mS : I.t -> data -> B.ball list -> mball -> mball

  val mM : I.t -> data -> state -> point -> mball

  val ballops : I.t -> B.ball ops

  val numbers : I.t -> data -> state -> point -> leg -> B.ball nums

  val signs_ok : I.t -> data -> state -> B.ball nums -> bool

  val cos_min_ok : I.t -> B.ball nums -> double0 -> bool

  val cos_max_ok : I.t -> B.ball nums -> double0 -> bool

  val coq_K_ok : I.t -> data -> leg -> bool

  val close_leg : I.t -> B.ball nums -> leg -> bool -> outcome

  val check_leg : I.t -> data -> state -> point -> leg -> outcome

  val check_near : I.t -> data -> state -> point -> leg -> B.ball -> outcome

  val shapes_ok : I.t -> problem -> bool

  val alpha_ok : I.t -> leg -> bool

  val check_checkpoint : I.t -> checkpoint_certificate -> outcome
 end) ->
 sig
  val axpy : I.t -> B.ball -> B.ball list -> B.ball list -> B.ball list

  val comb : I.t -> B.ball list -> C.mball -> B.ball list -> B.ball list

  val keep : I.t -> C.data -> double0 -> B.ball list -> B.ball list

  val step : I.t -> C.data -> double0 -> C.state -> C.point -> C.state

  val walk :
    I.t -> C.data -> (int -> B.ball option -> C.state -> C.point -> outcome)
    -> (C.state -> C.point -> outcome) -> double0 list -> int -> B.ball
    option -> C.state -> outcome

  val beta_moved : I.t -> C.state -> C.state -> B.ball

  val coq_A_moved : I.t -> C.state -> C.state -> B.ball

  val coq_T2_slack : I.t -> C.data -> double0 -> C.state -> B.ball

  val look_run :
    I.t -> C.data -> whole_run -> C.state -> int -> B.ball option -> C.state
    -> C.point -> outcome

  val later : I.t -> whole_run -> leg -> C.state -> C.state -> outcome

  val look_twin :
    I.t -> C.data -> leg -> int -> B.ball option -> C.state -> C.point ->
    outcome

  val check_twin : I.t -> C.data -> leg -> C.state -> outcome

  val numbers_ok : I.t -> C.data -> leg -> whole_run -> outcome

  val check_run : I.t -> initial_certificate -> outcome
 end

module BZ :
 sig
  type ball = ZInt.t * ZInt.t

  val c0 : ZInt.t

  val c1 : ZInt.t

  val c2 : ZInt.t

  val b0 : ball

  val add : ball -> ball -> ball

  val sub : ball -> ball -> ball

  val opp : ball -> ball

  val rawmul : ball -> ball -> ball

  val norm : ZInt.t -> ball -> ball

  val mul : ZInt.t -> ball -> ball -> ball

  val divk : ZInt.t -> ball -> ball

  val ofInt : ZInt.t -> ZInt.t -> ball

  val one : ZInt.t -> ball

  val babs : ball -> ball

  val posb : ball -> bool

  val nonneg : ball -> bool

  val div : ZInt.t -> ball -> ball -> ball

  val bsqrt : ZInt.t -> ball -> ball

  val rawdot_to : ball -> ball list -> ball list -> ball

  val rawdot : ball list -> ball list -> ball

  val dotB : ZInt.t -> ball list -> ball list -> ball

  val map2 : ('a1 -> 'a2 -> 'a3) -> 'a1 list -> 'a2 list -> 'a3 list

  val ofD : ZInt.t -> double0 -> ball
 end

module FZ :
 sig
  module E :
   sig
    val c4 : ZInt.t

    val c6 : ZInt.t

    val halvings : ZInt.t -> ZInt.t

    val guard : ZInt.t -> ZInt.t

    val taylor :
      ZInt.t -> ZInt.t -> ZInt.t -> int -> ZInt.t -> ZInt.t -> ZInt.t ->
      ZInt.t * ZInt.t

    val squarings : ZInt.t -> ZInt.t -> int -> ZInt.t -> ZInt.t -> BZ.ball

    val expI : ZInt.t -> ZInt.t -> BZ.ball

    val expnB : ZInt.t -> BZ.ball -> BZ.ball

    val tanhB : ZInt.t -> BZ.ball -> BZ.ball
   end

  module S :
   sig
    val c3 : ZInt.t

    val c16 : ZInt.t

    val top : BZ.ball -> ZInt.t

    val widen : BZ.ball -> ZInt.t -> BZ.ball

    val spread : ZInt.t -> ZInt.t -> BZ.ball -> BZ.ball -> BZ.ball * BZ.ball

    val pi_loop : int -> ZInt.t -> BZ.ball -> BZ.ball -> BZ.ball -> BZ.ball

    val piB : ZInt.t -> BZ.ball

    val series :
      int -> ZInt.t -> ZInt.t -> ZInt.t -> ZInt.t -> ZInt.t ->
      (ZInt.t * ZInt.t) option

    val gauss_at : ZInt.t -> ZInt.t -> ZInt.t -> BZ.ball * BZ.ball

    val gaussB : ZInt.t -> ZInt.t -> ZInt.t -> BZ.ball * BZ.ball

    val erf_scaleB : ZInt.t -> BZ.ball

    val erfB : ZInt.t -> BZ.ball -> BZ.ball * BZ.ball

    val gelu_scaleB : ZInt.t -> BZ.ball

    val geluB : ZInt.t -> BZ.ball -> BZ.ball * BZ.ball

    val log_loop : ZInt.t -> BZ.ball -> int -> BZ.ball -> BZ.ball

    val log1pB : ZInt.t -> BZ.ball -> BZ.ball

    val softplusB : ZInt.t -> BZ.ball -> BZ.ball * BZ.ball
   end

  val dtanhB : ZInt.t -> BZ.ball -> BZ.ball

  val sigmoidB : ZInt.t -> BZ.ball -> BZ.ball

  val dsigmoidB : ZInt.t -> BZ.ball -> BZ.ball

  val upto : ZInt.t -> BZ.ball

  val reluB : ZInt.t -> BZ.ball -> BZ.ball * BZ.ball

  val activate : activation -> ZInt.t -> BZ.ball -> BZ.ball * BZ.ball

  val coq_L1B : activation -> ZInt.t -> BZ.ball

  val coq_L2B : activation -> ZInt.t -> BZ.ball

  val frozen_signs : activation -> bool
 end

module CZ :
 sig
  type mball = BZ.ball list list

  val mapi : (int -> 'a1 -> 'a2) -> int -> 'a1 list -> 'a2 list

  val diag : (BZ.ball -> BZ.ball) -> (BZ.ball -> BZ.ball) -> mball -> mball

  val outer : mball -> (BZ.ball list -> BZ.ball list -> BZ.ball) -> mball

  val maxball : BZ.ball list -> BZ.ball

  val widen : BZ.ball -> BZ.ball -> BZ.ball

  val pd : ZInt.t -> int -> mball -> bool

  val nrmB : ZInt.t -> BZ.ball list -> BZ.ball

  type data = { d_psi : activation; d_n : int; d_p : ZInt.t; d_rp : BZ.ball;
                d_K : mball; d_y : BZ.ball list; d_b : BZ.ball list;
                d_nb : BZ.ball; d_eta : BZ.ball; d_h : BZ.ball }

  val d_psi : data -> activation

  val d_n : data -> int

  val d_p : data -> ZInt.t

  val d_rp : data -> BZ.ball

  val d_K : data -> mball

  val d_y : data -> BZ.ball list

  val d_b : data -> BZ.ball list

  val d_nb : data -> BZ.ball

  val d_eta : data -> BZ.ball

  val d_h : data -> BZ.ball

  val data_of : ZInt.t -> problem -> data

  type state = { st_A : mball; st_beta : BZ.ball list }

  val st_A : state -> mball

  val st_beta : state -> BZ.ball list

  type point = { z_U : mball; z_D : mball; z_e : BZ.ball list; z_E : BZ.ball }

  val z_U : point -> mball

  val z_D : point -> mball

  val z_e : point -> BZ.ball list

  val z_E : point -> BZ.ball

  val point_at : ZInt.t -> data -> state -> point

  val mG : ZInt.t -> data -> point -> mball

  val mS : ZInt.t -> data -> BZ.ball list -> mball -> mball

  val mM : ZInt.t -> data -> state -> point -> mball

  val ballops : ZInt.t -> BZ.ball ops

  val numbers : ZInt.t -> data -> state -> point -> leg -> BZ.ball nums

  val signs_ok : ZInt.t -> data -> state -> BZ.ball nums -> bool

  val cos_min_ok : ZInt.t -> BZ.ball nums -> double0 -> bool

  val cos_max_ok : ZInt.t -> BZ.ball nums -> double0 -> bool

  val coq_K_ok : ZInt.t -> data -> leg -> bool

  val close_leg : ZInt.t -> BZ.ball nums -> leg -> bool -> outcome

  val check_leg : ZInt.t -> data -> state -> point -> leg -> outcome

  val check_near :
    ZInt.t -> data -> state -> point -> leg -> BZ.ball -> outcome

  val shapes_ok : ZInt.t -> problem -> bool

  val alpha_ok : ZInt.t -> leg -> bool

  val check_checkpoint : ZInt.t -> checkpoint_certificate -> outcome
 end

module OZ :
 sig
  val axpy : ZInt.t -> BZ.ball -> BZ.ball list -> BZ.ball list -> BZ.ball list

  val comb :
    ZInt.t -> BZ.ball list -> CZ.mball -> BZ.ball list -> BZ.ball list

  val keep : ZInt.t -> CZ.data -> double0 -> BZ.ball list -> BZ.ball list

  val step : ZInt.t -> CZ.data -> double0 -> CZ.state -> CZ.point -> CZ.state

  val walk :
    ZInt.t -> CZ.data -> (int -> BZ.ball option -> CZ.state -> CZ.point ->
    outcome) -> (CZ.state -> CZ.point -> outcome) -> double0 list -> int ->
    BZ.ball option -> CZ.state -> outcome

  val beta_moved : ZInt.t -> CZ.state -> CZ.state -> BZ.ball

  val coq_A_moved : ZInt.t -> CZ.state -> CZ.state -> BZ.ball

  val coq_T2_slack : ZInt.t -> CZ.data -> double0 -> CZ.state -> BZ.ball

  val look_run :
    ZInt.t -> CZ.data -> whole_run -> CZ.state -> int -> BZ.ball option ->
    CZ.state -> CZ.point -> outcome

  val later : ZInt.t -> whole_run -> leg -> CZ.state -> CZ.state -> outcome

  val look_twin :
    ZInt.t -> CZ.data -> leg -> int -> BZ.ball option -> CZ.state -> CZ.point
    -> outcome

  val check_twin : ZInt.t -> CZ.data -> leg -> CZ.state -> outcome

  val numbers_ok : ZInt.t -> CZ.data -> leg -> whole_run -> outcome

  val check_run : ZInt.t -> initial_certificate -> outcome
 end

val check_checkpointZ : Big_int_Z.big_int -> checkpoint_certificate -> outcome

val check_runZ : Big_int_Z.big_int -> initial_certificate -> outcome

type expr =
| Var of int
| Const of Big_int_Z.big_int
| Add of expr * expr
| Sub of expr * expr
| Mul of expr * expr
| Div of expr * expr

val rp : expr

val p : expr

val eta : expr

val alpha : expr

val m0 : expr

val gmax : expr

val gs : expr

val kn : expr

val l1 : expr

val l2 : expr

val kmax : expr

val koK : expr

val c_norm : expr

val fourth : expr

val root4 : expr

val third : expr

val mixed : expr

val cmax : expr

val error0 : expr

val beta_norm : expr

val d : expr

val b_beta : expr

val b_norm : expr

val cos_min : expr

val cos_max : expr

val mmax : expr

val one0 : expr

val two : expr

val three : expr

val f_q0 : expr

val f_gG : expr

val f_s0_0 : expr

val f_J0 : bool -> expr

val f_gH : bool -> expr

val f_m0 : bool -> expr

val f_E : expr

val f_R0 : expr

val f_s1 : bool -> expr

val f_B4 : bool -> expr

val f_Q : bool -> expr

val f_cmax : bool -> expr

val f_h0 : expr

val f_v2 : expr

val a_kap : bool -> expr

val a_q : bool -> expr

val a_rho : bool -> expr

val a_dG : bool -> expr

val a_dH : bool -> expr

val a_Cv : bool -> expr

val b_x : expr

val b_rho : bool -> expr

val b_sbar : bool -> expr

val b_q : bool -> expr

val b_dG : bool -> expr

val b_dH : bool -> expr

val b_Qbar : bool -> expr

val b_Cv : bool -> expr

val f_D0 : bool -> expr

val f_Cv0 : bool -> expr

val f_rho0 : bool -> expr

val f_A : bool -> expr

val f_step : bool -> expr

val f_share : expr

val f_A36 : bool -> expr

val f_w : bool -> expr

val f_inside : bool -> expr

val f_c0 : bool -> expr

val f_c5 : bool -> expr

val f_c6 : bool -> expr

val f_c7 : bool -> expr

val brow : expr

val psirow : expr

val crow : expr

val krow : expr

val a_ri : expr

val r_0 : expr

val x_0 : expr

val f_pull : bool -> expr

val f_margin : bool -> expr

val f_rate : bool -> expr

val f_G : expr

val f_Mmax : bool -> expr

module VariantDefF :
 functor (I:INT) ->
 functor (B:sig
  type ball = I.t * I.t

  val c0 : I.t

  val c1 : I.t

  val c2 : I.t

  val b0 : ball

  val add : ball -> ball -> ball

  val sub : ball -> ball -> ball

  val opp : ball -> ball

  val rawmul : ball -> ball -> ball

  val norm : I.t -> ball -> ball

  val mul : I.t -> ball -> ball -> ball

  val divk : I.t -> ball -> ball

  val ofInt : I.t -> I.t -> ball

  val one : I.t -> ball

  val babs : ball -> ball

  val posb : ball -> bool

  val nonneg : ball -> bool

  val div : I.t -> ball -> ball -> ball

  val bsqrt : I.t -> ball -> ball

  val rawdot_to : ball -> ball list -> ball list -> ball

  val rawdot : ball list -> ball list -> ball

  val dotB : I.t -> ball list -> ball list -> ball

  val map2 : ('a1 -> 'a2 -> 'a3) -> 'a1 list -> 'a2 list -> 'a3 list

  val ofD : I.t -> double0 -> ball
 end) ->
 functor (F:sig
  module E :
   sig
    val c4 : I.t

    val c6 : I.t

    val halvings : I.t -> I.t

    val guard : I.t -> I.t

    val taylor : I.t -> I.t -> I.t -> int -> I.t -> I.t -> I.t -> I.t * I.t

    val squarings : I.t -> I.t -> int -> I.t -> I.t -> B.ball

    val expI : I.t -> I.t -> B.ball

    val expnB : I.t -> B.ball -> B.ball

    val tanhB : I.t -> B.ball -> B.ball
   end

  module S :
   sig
    val c3 : I.t

    val c16 : I.t

    val top : B.ball -> I.t

    val widen : B.ball -> I.t -> B.ball

    val spread : I.t -> I.t -> B.ball -> B.ball -> B.ball * B.ball

    val pi_loop : int -> I.t -> B.ball -> B.ball -> B.ball -> B.ball

    val piB : I.t -> B.ball

    val series : int -> I.t -> I.t -> I.t -> I.t -> I.t -> (I.t * I.t) option

    val gauss_at : I.t -> I.t -> I.t -> B.ball * B.ball

    val gaussB : I.t -> I.t -> I.t -> B.ball * B.ball

    val erf_scaleB : I.t -> B.ball

    val erfB : I.t -> B.ball -> B.ball * B.ball

    val gelu_scaleB : I.t -> B.ball

    val geluB : I.t -> B.ball -> B.ball * B.ball

    val log_loop : I.t -> B.ball -> int -> B.ball -> B.ball

    val log1pB : I.t -> B.ball -> B.ball

    val softplusB : I.t -> B.ball -> B.ball * B.ball
   end

  val dtanhB : I.t -> B.ball -> B.ball

  val sigmoidB : I.t -> B.ball -> B.ball

  val dsigmoidB : I.t -> B.ball -> B.ball

  val upto : I.t -> B.ball

  val reluB : I.t -> B.ball -> B.ball * B.ball

  val activate : activation -> I.t -> B.ball -> B.ball * B.ball

  val coq_L1B : activation -> I.t -> B.ball

  val coq_L2B : activation -> I.t -> B.ball

  val frozen_signs : activation -> bool
 end) ->
 functor (C:sig
  type mball = B.ball list list

  val mapi : (int -> 'a1 -> 'a2) -> int -> 'a1 list -> 'a2 list

  val diag : (B.ball -> B.ball) -> (B.ball -> B.ball) -> mball -> mball

  val outer : mball -> (B.ball list -> B.ball list -> B.ball) -> mball

  val maxball : B.ball list -> B.ball

  val widen : B.ball -> B.ball -> B.ball

  val pd : I.t -> int -> mball -> bool

  val nrmB : I.t -> B.ball list -> B.ball

  type data = { d_psi : activation; d_n : int; d_p : I.t; d_rp : B.ball;
                d_K : mball; d_y : B.ball list; d_b : B.ball list;
                d_nb : B.ball; d_eta : B.ball; d_h : B.ball }

  val d_psi : data -> activation

  val d_n : data -> int

  val d_p : data -> I.t

  val d_rp : data -> B.ball

  val d_K : data -> mball

  val d_y : data -> B.ball list

  val d_b : data -> B.ball list

  val d_nb : data -> B.ball

  val d_eta : data -> B.ball

  val d_h : data -> B.ball

  val data_of : I.t -> problem -> data

  type state = { st_A : mball; st_beta : B.ball list }

  val st_A : state -> mball

  val st_beta : state -> B.ball list

  type point = { z_U : mball; z_D : mball; z_e : B.ball list; z_E : B.ball }

  val z_U : point -> mball

  val z_D : point -> mball

  val z_e : point -> B.ball list

  val z_E : point -> B.ball

  val point_at : I.t -> data -> state -> point

  val mG : I.t -> data -> point -> mball

  val mS : I.t -> data -> B.ball list -> mball -> mball

  val mM : I.t -> data -> state -> point -> mball

  val ballops : I.t -> B.ball ops

  val numbers : I.t -> data -> state -> point -> leg -> B.ball nums

  val signs_ok : I.t -> data -> state -> B.ball nums -> bool

  val cos_min_ok : I.t -> B.ball nums -> double0 -> bool

  val cos_max_ok : I.t -> B.ball nums -> double0 -> bool

  val coq_K_ok : I.t -> data -> leg -> bool

  val close_leg : I.t -> B.ball nums -> leg -> bool -> outcome

  val check_leg : I.t -> data -> state -> point -> leg -> outcome

  val check_near : I.t -> data -> state -> point -> leg -> B.ball -> outcome

  val shapes_ok : I.t -> problem -> bool

  val alpha_ok : I.t -> leg -> bool

  val check_checkpoint : I.t -> checkpoint_certificate -> outcome
 end) ->
 sig
  val tab : int -> (int -> 'a1) -> 'a1 list

  val eval : I.t -> (int -> B.ball) -> expr -> B.ball * bool

  val at_least_0 : I.t -> (int -> B.ball) -> expr -> bool

  val above_0 : I.t -> (int -> B.ball) -> expr -> bool

  val covers : I.t -> (int -> B.ball) -> B.ball -> expr -> bool

  val columns : int -> C.mball -> C.mball

  val frobB : I.t -> C.mball -> B.ball

  type centreB = { u_n : int; u_k : int; u_p : I.t; u_rp : B.ball;
                   u_K : C.mball; u_U : C.mball; u_D : C.mball;
                   u_beta : C.mball; u_c : C.mball; u_e : C.mball;
                   u_G : C.mball }

  val u_n : centreB -> int

  val u_k : centreB -> int

  val u_p : centreB -> I.t

  val u_rp : centreB -> B.ball

  val u_K : centreB -> C.mball

  val u_U : centreB -> C.mball

  val u_D : centreB -> C.mball

  val u_beta : centreB -> C.mball

  val u_c : centreB -> C.mball

  val u_e : centreB -> C.mball

  val u_G : centreB -> C.mball

  val centre_of : I.t -> variant_certificate -> centreB

  val coq_M_of : I.t -> centreB -> C.mball

  val gram_of : I.t -> int -> C.mball -> C.mball

  val rate_of :
    I.t -> int -> B.ball -> B.ball -> C.mball -> C.mball -> C.mball

  val numbers : I.t -> variant_certificate -> centreB -> int -> B.ball

  val with_entry : (int -> B.ball) -> B.ball list -> int -> B.ball

  val signs_ok :
    I.t -> variant_certificate -> centreB -> (int -> B.ball) -> bool

  val rectangle : double0 list list -> int -> int -> bool

  val shapes_ok : I.t -> variant_certificate -> bool

  val check_variant : I.t -> variant_certificate -> outcome
 end

module VZ :
 sig
  val tab : int -> (int -> 'a1) -> 'a1 list

  val eval : ZInt.t -> (int -> BZ.ball) -> expr -> BZ.ball * bool

  val at_least_0 : ZInt.t -> (int -> BZ.ball) -> expr -> bool

  val above_0 : ZInt.t -> (int -> BZ.ball) -> expr -> bool

  val covers : ZInt.t -> (int -> BZ.ball) -> BZ.ball -> expr -> bool

  val columns : int -> CZ.mball -> CZ.mball

  val frobB : ZInt.t -> CZ.mball -> BZ.ball

  type centreB = { u_n : int; u_k : int; u_p : ZInt.t; u_rp : BZ.ball;
                   u_K : CZ.mball; u_U : CZ.mball; u_D : CZ.mball;
                   u_beta : CZ.mball; u_c : CZ.mball; u_e : CZ.mball;
                   u_G : CZ.mball }

  val u_n : centreB -> int

  val u_k : centreB -> int

  val u_p : centreB -> ZInt.t

  val u_rp : centreB -> BZ.ball

  val u_K : centreB -> CZ.mball

  val u_U : centreB -> CZ.mball

  val u_D : centreB -> CZ.mball

  val u_beta : centreB -> CZ.mball

  val u_c : centreB -> CZ.mball

  val u_e : centreB -> CZ.mball

  val u_G : centreB -> CZ.mball

  val centre_of : ZInt.t -> variant_certificate -> centreB

  val coq_M_of : ZInt.t -> centreB -> CZ.mball

  val gram_of : ZInt.t -> int -> CZ.mball -> CZ.mball

  val rate_of :
    ZInt.t -> int -> BZ.ball -> BZ.ball -> CZ.mball -> CZ.mball -> CZ.mball

  val numbers : ZInt.t -> variant_certificate -> centreB -> int -> BZ.ball

  val with_entry : (int -> BZ.ball) -> BZ.ball list -> int -> BZ.ball

  val signs_ok :
    ZInt.t -> variant_certificate -> centreB -> (int -> BZ.ball) -> bool

  val rectangle : double0 list list -> int -> int -> bool

  val shapes_ok : ZInt.t -> variant_certificate -> bool

  val check_variant : ZInt.t -> variant_certificate -> outcome
 end

val check_variantZ : Big_int_Z.big_int -> variant_certificate -> outcome
