//! Operators over whole columns: one loop a kind of operand, compiled for every vector width.
//!
//! Each operator is a type, so that its scalar function is inlined into the loop whatever its length.

use crate::math::{
    self,
    simd::{Level, vectorised},
};
use crate::scenario::{BinaryOp, UnaryOp, operation as op};

/// An operand with its column at hand.
#[derive(Clone, Copy, Debug)]
pub enum Side<'a> {
    Column(&'a [f64]),
    Constant(f64),
}

impl Side<'_> {
    #[inline(always)]
    fn at(self, run: usize) -> f64 {
        match self {
            Side::Column(column) => column[run],
            Side::Constant(value) => value,
        }
    }
}

trait One {
    fn of(&self, x: f64) -> f64;
}

trait Two {
    fn of(&self, x: f64, y: f64) -> f64;
}

macro_rules! unary_operators {
    ($($name:ident = $function:expr;)+) => {
        $(
            #[derive(Clone, Copy)]
            struct $name;

            impl One for $name {
                #[inline(always)]
                fn of(&self, x: f64) -> f64 {
                    $function(x)
                }
            }
        )+
    };
}

macro_rules! binary_operators {
    ($($name:ident = $function:expr;)+) => {
        $(
            #[derive(Clone, Copy)]
            struct $name;

            impl Two for $name {
                #[inline(always)]
                fn of(&self, x: f64, y: f64) -> f64 {
                    $function(x, y)
                }
            }
        )+
    };
}

unary_operators! {
    Negate = op::negate;
    Not = op::not;
    Abs = op::abs;
    Exp = math::exp;
    Ln = math::ln;
    Log10 = math::log10;
    Sqrt = op::sqrt;
    Sin = math::sin;
    Cos = math::cos;
    Floor = op::floor;
    Ceil = op::ceil;
    Round = op::round;
    NormalCdf = math::normal_cdf;
    Square = op::square;
    Cube = op::cube;
    Fourth = op::fourth;
    Reciprocal = op::reciprocal;
}

binary_operators! {
    Add = op::add;
    Subtract = op::subtract;
    Multiply = op::multiply;
    Divide = op::divide;
    Min = op::min;
    Max = op::max;
    Less = op::less;
    LessEqual = op::less_equal;
    Greater = op::greater;
    GreaterEqual = op::greater_equal;
    Equal = op::equal;
    NotEqual = op::not_equal;
    And = op::and;
    Or = op::or;
    Pow = math::pow;
    PowFused = math::pow_by::<math::Fused>;
    PowOrdinary = math::pow_ordinary::<math::Split>;
    PowOrdinaryFused = math::pow_ordinary::<math::Fused>;
    RootlessPower = op::rootless_power;
}

/// The root of a degree, of ordinary bases.
#[derive(Clone, Copy)]
struct Root<const N: usize>;

impl<const N: usize> One for Root<N> {
    #[inline(always)]
    fn of(&self, x: f64) -> f64 {
        math::root::<N>(x)
    }
}

vectorised! {
    fn map_one<F: One>(f: F, x: &[f64], out: &mut [f64]) {
        for (out, &x) in out.iter_mut().zip(x) {
            *out = f.of(x);
        }
    }
}

vectorised! {
    fn map_columns<F: Two>(f: F, x: &[f64], y: &[f64], out: &mut [f64]) {
        for ((out, &x), &y) in out.iter_mut().zip(x).zip(y) {
            *out = f.of(x, y);
        }
    }
}

vectorised! {
    fn map_right<F: Two>(f: F, x: &[f64], y: f64, out: &mut [f64]) {
        for (out, &x) in out.iter_mut().zip(x) {
            *out = f.of(x, y);
        }
    }
}

vectorised! {
    fn map_left<F: Two>(f: F, x: f64, y: &[f64], out: &mut [f64]) {
        for (out, &y) in out.iter_mut().zip(y) {
            *out = f.of(x, y);
        }
    }
}

/// A unary operator over a column.
pub fn unary(name: UnaryOp, x: &[f64], out: &mut [f64]) {
    match name {
        UnaryOp::Negate => map_one(Negate, x, out),
        UnaryOp::Not => map_one(Not, x, out),
        UnaryOp::Abs => map_one(Abs, x, out),
        UnaryOp::Exp => map_one(Exp, x, out),
        UnaryOp::Ln => map_one(Ln, x, out),
        UnaryOp::Log10 => map_one(Log10, x, out),
        UnaryOp::Sqrt => map_one(Sqrt, x, out),
        UnaryOp::Sin => map_one(Sin, x, out),
        UnaryOp::Cos => map_one(Cos, x, out),
        UnaryOp::Floor => map_one(Floor, x, out),
        UnaryOp::Ceil => map_one(Ceil, x, out),
        UnaryOp::Round => map_one(Round, x, out),
        UnaryOp::NormalCdf => map_one(NormalCdf, x, out),
    }
}

/// A binary operator over columns and constants.
pub fn binary(name: BinaryOp, x: Side, y: Side, out: &mut [f64]) {
    match name {
        BinaryOp::Add => apply(Add, x, y, out),
        BinaryOp::Subtract => apply(Subtract, x, y, out),
        BinaryOp::Multiply => apply(Multiply, x, y, out),
        BinaryOp::Divide => apply(Divide, x, y, out),
        BinaryOp::Power => power(x, y, out),
        BinaryOp::Min => apply(Min, x, y, out),
        BinaryOp::Max => apply(Max, x, y, out),
        BinaryOp::Less => apply(Less, x, y, out),
        BinaryOp::LessEqual => apply(LessEqual, x, y, out),
        BinaryOp::Greater => apply(Greater, x, y, out),
        BinaryOp::GreaterEqual => apply(GreaterEqual, x, y, out),
        BinaryOp::Equal => apply(Equal, x, y, out),
        BinaryOp::NotEqual => apply(NotEqual, x, y, out),
        BinaryOp::And => apply(And, x, y, out),
        BinaryOp::Or => apply(Or, x, y, out),
    }
}

fn apply<F: Two>(f: F, x: Side, y: Side, out: &mut [f64]) {
    match (x, y) {
        (Side::Column(x), Side::Column(y)) => map_columns(f, x, y, out),
        (Side::Column(x), Side::Constant(y)) => map_right(f, x, y, out),
        (Side::Constant(x), Side::Column(y)) => map_left(f, x, y, out),
        (Side::Constant(x), Side::Constant(y)) => out.fill(f.of(x, y)),
    }
}

/// A constant exponent is looked at once a block, not once a run; the result is that of [`op::power`].
fn power(x: Side, y: Side, out: &mut [f64]) {
    match (x, y) {
        (Side::Column(x), Side::Constant(2.0)) => map_one(Square, x, out),
        (Side::Column(x), Side::Constant(3.0)) => map_one(Cube, x, out),
        (Side::Column(x), Side::Constant(4.0)) => map_one(Fourth, x, out),
        (Side::Column(x), Side::Constant(-1.0)) => map_one(Reciprocal, x, out),
        (Side::Column(x), Side::Constant(y)) => match math::degree_of(y) {
            Some(degree) => roots(x, degree, out),
            None => powers(x, y, out),
        },
        _ => {
            apply(RootlessPower, x, y, out);
            put_roots(x, y, out);
        }
    }
}

/// Powers with one exponent: where every base is ordinary, without the cases that then cannot arise.
fn powers(x: &[f64], y: f64, out: &mut [f64]) {
    let is_ordinary = y.abs() <= math::ORDINARY_EXPONENT && are_ordinary(x);
    // Fused products are quick only where the loop is compiled for a processor that has them.
    match (is_ordinary, Level::current() >= Level::Avx2) {
        (true, true) => map_right(PowOrdinaryFused, x, y, out),
        (true, false) => map_right(PowOrdinary, x, y, out),
        (false, true) => map_right(PowFused, x, y, out),
        (false, false) => map_right(Pow, x, y, out),
    }
}

/// Roots of one degree, together where every base is ordinary.
fn roots(x: &[f64], degree: usize, out: &mut [f64]) {
    match degree * usize::from(are_ordinary(x)) {
        3 => map_one(Root::<3>, x, out),
        4 => map_one(Root::<4>, x, out),
        5 => map_one(Root::<5>, x, out),
        6 => map_one(Root::<6>, x, out),
        7 => map_one(Root::<7>, x, out),
        8 => map_one(Root::<8>, x, out),
        9 => map_one(Root::<9>, x, out),
        10 => map_one(Root::<10>, x, out),
        11 => map_one(Root::<11>, x, out),
        12 => map_one(Root::<12>, x, out),
        _ => out.iter_mut().zip(x).for_each(|(out, &x)| *out = math::power_of_root(x, degree)),
    }
}

/// Roots over what [`op::rootless_power`] gave, in the runs whose exponent asks for one.
fn put_roots(x: Side, y: Side, out: &mut [f64]) {
    for (run, out) in out.iter_mut().enumerate() {
        if let Some(degree) = math::degree_of(y.at(run)) {
            *out = math::power_of_root(x.at(run), degree);
        }
    }
}

/// True where nothing special can happen to a base of a power.
fn are_ordinary(x: &[f64]) -> bool {
    let mut found = false;
    any_unordinary(x, &mut found);
    !found
}

vectorised! {
    /// Whether any base is none of [`math::ORDINARY_BASES`]: positive numbers are in the order of their bits, and
    /// whatever is none has larger ones.
    fn any_unordinary(x: &[f64], found: &mut bool) {
        let (least, most) = math::ORDINARY_BASES;
        let (least, span) = (least.to_bits(), most.to_bits() - least.to_bits());
        let mut beyond = 0;
        for &x in x {
            beyond |= u64::from(x.to_bits().wrapping_sub(least) > span);
        }
        *found = beyond != 0;
    }
}

/// `if` over columns and constants.
pub fn select(condition: &[f64], then: Side, otherwise: Side, out: &mut [f64]) {
    for (run, (out, &condition)) in out.iter_mut().zip(condition).enumerate() {
        *out = op::select(condition, then.at(run), otherwise.at(run));
    }
}
