//! The columns of FOCUS 1.0 to 1.4.

use crate::Cell;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnType {
    /// A number.
    Decimal,
    /// An instant, in UTC.
    Instant,
    /// A text.
    Text,
    /// JSON; of tags, a flat object.
    Json,
}

/// Whether a file must have a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// Always.
    Mandatory,
    /// Where the provider has what it is about.
    Conditional,
    /// It should.
    Recommended,
}

macro_rules! columns {
    ($($name:ident: $holds:ident, $presence:ident, $nullable:literal, $since:literal;)*) => {
        /// A column of FOCUS, by its column id, where 1.3 and 1.4 add to 1.2.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[allow(missing_docs)] // The specification says what each is; its ids are their names.
        pub enum Column { $($name),* }

        impl Column {
            /// All of them, in the order in which they are kept.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];
            /// How many there are.
            pub const COUNT: usize = Self::ALL.len();

            /// Its column id.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name)),* }
            }

            /// What it holds.
            pub const fn holds(self) -> ColumnType {
                match self { $(Self::$name => ColumnType::$holds),* }
            }

            /// Whether a file of version 1.2 must have it.
            pub const fn presence(self) -> Presence {
                match self { $(Self::$name => Presence::$presence),* }
            }

            /// Whether it may be null.
            pub const fn is_nullable(self) -> bool {
                match self { $(Self::$name => $nullable),* }
            }

            /// The version that brought it, as the second number: 2 of 1.2.
            pub const fn since(self) -> u8 {
                match self { $(Self::$name => $since),* }
            }
        }
    };
}

columns! {
    BilledCost: Decimal, Mandatory, false, 0;
    EffectiveCost: Decimal, Mandatory, false, 0;
    ListCost: Decimal, Mandatory, false, 0;
    ContractedCost: Decimal, Mandatory, false, 0;
    ListUnitPrice: Decimal, Conditional, true, 0;
    ContractedUnitPrice: Decimal, Conditional, true, 0;
    PricingQuantity: Decimal, Mandatory, true, 0;
    ConsumedQuantity: Decimal, Conditional, true, 0;
    CommitmentDiscountQuantity: Decimal, Conditional, true, 1;
    PricingCurrencyEffectiveCost: Decimal, Conditional, true, 2;
    PricingCurrencyListUnitPrice: Decimal, Conditional, true, 2;
    PricingCurrencyContractedUnitPrice: Decimal, Conditional, true, 2;
    BillingPeriodStart: Instant, Mandatory, false, 0;
    BillingPeriodEnd: Instant, Mandatory, false, 0;
    ChargePeriodStart: Instant, Mandatory, false, 0;
    ChargePeriodEnd: Instant, Mandatory, false, 0;
    BillingAccountId: Text, Mandatory, false, 0;
    BillingAccountName: Text, Mandatory, true, 0;
    BillingCurrency: Text, Mandatory, false, 0;
    ChargeCategory: Text, Mandatory, false, 0;
    ChargeClass: Text, Mandatory, true, 0;
    ChargeDescription: Text, Mandatory, true, 0;
    InvoiceIssuerName: Text, Mandatory, false, 0;
    PricingUnit: Text, Mandatory, true, 0;
    ProviderName: Text, Mandatory, false, 0;
    PublisherName: Text, Mandatory, false, 0;
    ServiceCategory: Text, Mandatory, false, 0;
    ServiceName: Text, Mandatory, false, 0;
    BillingAccountType: Text, Conditional, true, 2;
    SubAccountId: Text, Conditional, true, 0;
    SubAccountName: Text, Conditional, true, 0;
    SubAccountType: Text, Conditional, true, 2;
    ResourceId: Text, Conditional, true, 0;
    ResourceName: Text, Conditional, true, 0;
    ResourceType: Text, Conditional, true, 0;
    RegionId: Text, Conditional, true, 0;
    RegionName: Text, Conditional, true, 0;
    SkuId: Text, Conditional, true, 0;
    SkuMeter: Text, Conditional, true, 1;
    SkuPriceId: Text, Conditional, true, 0;
    CapacityReservationId: Text, Conditional, true, 1;
    CapacityReservationStatus: Text, Conditional, true, 1;
    CommitmentDiscountId: Text, Conditional, true, 0;
    CommitmentDiscountName: Text, Conditional, true, 0;
    CommitmentDiscountCategory: Text, Conditional, true, 0;
    CommitmentDiscountType: Text, Conditional, true, 0;
    CommitmentDiscountStatus: Text, Conditional, true, 0;
    CommitmentDiscountUnit: Text, Conditional, true, 1;
    ConsumedUnit: Text, Conditional, true, 0;
    PricingCategory: Text, Conditional, true, 0;
    PricingCurrency: Text, Conditional, true, 2;
    AvailabilityZone: Text, Recommended, true, 0;
    ChargeFrequency: Text, Recommended, false, 0;
    InvoiceId: Text, Recommended, true, 2;
    ServiceSubcategory: Text, Recommended, false, 1;
    Tags: Json, Conditional, true, 0;
    SkuPriceDetails: Json, Conditional, true, 1;
    AllocatedMethodId: Text, Conditional, true, 3;
    AllocatedMethodDetails: Json, Conditional, true, 3;
    AllocatedResourceId: Text, Conditional, true, 3;
    AllocatedResourceName: Text, Conditional, true, 3;
    AllocatedTags: Json, Conditional, true, 3;
    ContractApplied: Json, Conditional, true, 3;
    HostProviderName: Text, Conditional, true, 3;
    ServiceProviderName: Text, Conditional, true, 3;
    InvoiceDetailId: Text, Conditional, true, 4;
}

impl Column {
    /// A column by its column id as the newest version spells it.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|column| column.name() == name)
    }

    /// Whether a cell has what the column holds; null is looked at elsewhere.
    pub fn takes(self, cell: &Cell<'_>) -> bool {
        match cell {
            Cell::Null => true,
            Cell::Text(_) => matches!(self.holds(), ColumnType::Text | ColumnType::Json),
            Cell::Number(_) => self.holds() == ColumnType::Decimal,
            Cell::Instant(_) => self.holds() == ColumnType::Instant,
        }
    }
}
